"""How well taste finds again what readers kept, from a part of what they kept.

    uv run --all-groups python tests/bench/taste.py FOLDER [--readers N]

FOLDER holds ``papers.jsonl`` (title, tags; in order of number, also as ``.gz``) and ``folds.json``, for each reader
five lists of numbers: the first is held out, the engine learns from the others of all readers. Prints recall by
popularity and by each part alone, then as JSON the readers, recall among the first 20 and 100, and the milliseconds
of processor a reader. ``--readers`` judges so many of them, evenly spread.

What other readers kept counts for a paper only where at least five of those with like lists kept it, as on the site.
The weights were found on a set that ``taste_set.py`` makes, never on the one kept for judging: see judged/README.md.
"""

import argparse
import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from papersite.catalogue.taste.engine import Examples, Taste
from papersite.catalogue.taste.readers import Readers
from papersite.catalogue.taste.texts import Gathered, Shelf, Told, told

MOST_ASKED = 100
Ranked = Callable[[int, Sequence[int]], list[int]]


def read_texts(folder: Path) -> dict[int, Told]:
    path = folder / "papers.jsonl"
    is_packed = not path.exists()
    with gzip.open(f"{path}.gz", "rt", encoding="utf-8") if is_packed else path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    return {number: told(row["title"], _tags(row.get("tags"))) for number, row in enumerate(rows)}


def _tags(written: object) -> str:
    return " ".join(map(str, written)) if isinstance(written, list) else str(written or "")


def recall(ranked: Ranked, learned: dict[int, list[int]], held: dict[int, set[int]]) -> tuple[float, float, float]:
    """Among the first 20 and 100, in the mean over readers, and the milliseconds that one takes."""
    found = []
    started = time.process_time()
    for reader, wanted in held.items():
        first = ranked(reader, learned[reader])[:MOST_ASKED]
        found.append([len(wanted.intersection(first[:size])) / len(wanted) for size in (20, 100)])
    each = 1000 * (time.process_time() - started) / max(len(held), 1)
    return fmean(row[0] for row in found), fmean(row[1] for row in found), each


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--readers", type=int)
    asked = parser.parse_args()
    folds = json.loads((asked.folder / "folds.json").read_text())
    learned = {reader: [one for fold in lists[1:] for one in fold] for reader, lists in enumerate(folds)}
    judged = [reader for reader, lists in enumerate(folds) if lists[0] and learned[reader]]
    step = max(1, len(judged) // asked.readers) if asked.readers else 1
    held = {reader: set(folds[reader][0]) - set(learned[reader]) for reader in judged[::step]}
    held = {reader: wanted for reader, wanted in held.items() if wanted}
    began = time.process_time()
    texts = read_texts(asked.folder)
    shelf, mute = Shelf(texts), Shelf({paper: {} for paper in texts})
    readers, nobody = Readers(learned.values(), shelf.place), Readers([], shelf.place)
    print(f"read and put up: {time.process_time() - began:.1f} s")
    popular = [paper for paper, _ in Counter(one for kept in learned.values() for one in kept).most_common()]

    def by_popularity(reader: int, liked: Sequence[int]) -> list[int]:
        gone = set(liked)
        return [paper for paper in popular[: MOST_ASKED + len(liked)] if paper not in gone]

    def by(shelf: Shelf, readers: Readers) -> Ranked:
        taste = Taste(shelf, readers)
        vectors = {paper: shelf.vector(texts[paper] if len(shelf) else {}) for paper in texts}

        def ranked(reader: int, liked: Sequence[int]) -> list[int]:
            scores = taste.scores(Examples.of(liked), Gathered.of([vectors[one] for one in liked]), own=reader)
            return [int(shelf.ids[place]) for place in taste.closest(scores, MOST_ASKED)]

        return ranked

    ways = {"popularity": by_popularity, "words": by(shelf, nobody), "readers": by(mute, readers)}
    for name, way in ways.items():
        print(f"{name}: {recall(way, learned, held)[0]:.3f}")
    at20, at100, each = recall(by(shelf, readers), learned, held)
    print(
        json.dumps(
            {
                "readers": len(held),
                "recall20": round(at20, 3),
                "recall100": round(at100, 3),
                "ms_per_reader": round(each, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
