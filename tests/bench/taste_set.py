"""Makes readers' lists for ``taste.py`` out of real papers: always the same, to tune on and to test with.

    uv run --all-groups python tests/bench/taste_set.py FOLDER [--papers N] [--readers N] [--from FILE]

Readers walk from a paper or two of their own to others, by common authors and by like abstracts, drawn by how well
known a paper is, and stray now and then. Of this ``taste.py`` is shown the titles and some words that people might
have tagged them with, so that who shares authors is seen in the lists alone. The shares were set until popularity,
words, lists and their sum found as much again as on CiteULike-a, which is kept for judging; sizes are those as well.
"""

import argparse
import json
import lzma
import math
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[3] / "shared/data/featured/arxiv_2025-03_2026-01.jsonl.xz"
BY_AUTHOR, BACK, STRAYS = 0.4, 0.6, 0.06
NEIGHBOURS, WORDS_KEPT, TAGGED, TAGS = 6, 25, 22, (6, 16)
SEED = 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--papers", type=int, default=17_000)
    parser.add_argument("--readers", type=int, default=5_551)
    parser.add_argument("--from", dest="source", type=Path, default=SOURCE)
    asked = parser.parse_args()
    write(asked.folder, asked.source, asked.papers, asked.readers)


def write(folder: Path, source: Path, papers: int, readers: int) -> None:
    """``papers.jsonl`` and ``folds.json`` as ``taste.py`` reads them."""
    chance = random.Random(SEED)
    rows = _with_company(source, papers, chance)
    neighbours, words = _read(rows)
    fame = [math.exp(chance.gauss(0, 1.3)) for _ in rows]
    by_author: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for name in row["authors"][:30]:
            by_author[name].append(number)
    company = [[name for name in row["authors"][:30] if 2 <= len(by_author[name]) <= 60] for row in rows]
    walker = _Walker(chance, fame, neighbours, company, by_author)
    folds = [[kept[place::5] for place in range(5)] for kept in (walker.list() for _ in range(readers))]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "papers.jsonl").open("w", encoding="utf-8") as file:
        for row, said in zip(rows, words, strict=True):
            tags = chance.sample(said[:TAGGED], min(len(said[:TAGGED]), chance.randint(*TAGS)))
            file.write(json.dumps({"title": row["title"], "tags": [*tags, row["categories"][0].partition(".")[2]]}))
            file.write("\n")
    (folder / "folds.json").write_text(json.dumps(folds))


class _Walker:
    def __init__(
        self,
        chance: random.Random,
        fame: Sequence[float],
        neighbours: Sequence[Sequence[int]],
        company: Sequence[Sequence[str]],
        by_author: dict[str, list[int]],
    ) -> None:
        self.chance, self.fame, self.neighbours, self.company, self.by_author = (
            chance, fame, neighbours, company, by_author,
        )  # fmt: skip
        self.known = list(accumulate(fame))

    def list(self) -> list[int]:
        """One reader's."""
        size = int(min(400, len(self.fame) // 4, max(10, math.exp(self.chance.gauss(3.2, 0.85)))))
        own = [self._any() for _ in range(min(self.chance.randint(1, 2), max(1, size // 6)))]
        kept, here = dict.fromkeys(own), own[0]
        for _ in range(30 * size):
            if len(kept) >= size:
                break
            if self.chance.random() < STRAYS:
                kept[self._any()] = None
                continue
            here = self._next(self.chance.choice(own) if self.chance.random() < BACK else here)
            kept[here] = None
        found = [*kept]
        self.chance.shuffle(found)
        return found

    def _any(self) -> int:
        return self.chance.choices(range(len(self.fame)), cum_weights=self.known)[0]

    def _next(self, here: int) -> int:
        names = self.company[here] if self.chance.random() < BY_AUTHOR else ()
        beside = self.by_author[self.chance.choice(names)] if names else self.neighbours[here]
        return self.chance.choices(beside, [self.fame[one] for one in beside])[0] if beside else here


def _with_company(source: Path, papers: int, chance: random.Random) -> list[dict[str, Any]]:
    """Those whose authors wrote most of the others."""
    with lzma.open(source, "rt", encoding="utf-8") as file:
        rows = {row["id"]: row for row in map(json.loads, file)}
    wrote = Counter(name for row in rows.values() for name in row["authors"])
    order = sorted(rows, key=lambda one: (-sum(wrote[name] >= 3 for name in rows[one]["authors"][:20]), one))[:papers]
    chance.shuffle(order)
    return [rows[one] for one in order]


def _read(rows: Sequence[dict[str, Any]]) -> tuple[list[list[int]], list[list[str]]]:
    """Of each paper those of like abstracts, and its most telling words."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    reader = TfidfVectorizer(sublinear_tf=True, stop_words="english", min_df=3, max_df=0.05)
    said = reader.fit_transform([f"{row['title']} {row['abstract']}" for row in rows]).tocsr()
    names = reader.get_feature_names_out()
    words = []
    for number in range(len(rows)):
        part = slice(said.indptr[number], said.indptr[number + 1])
        order = np.argsort(-said.data[part], kind="stable")
        words.append(names[said.indices[part][order[:WORDS_KEPT]]].tolist())
        said.data[part][order[WORDS_KEPT:]] = 0
    said.eliminate_zeros()
    neighbours = []
    for start in range(0, len(rows), 2000):
        alike = (said[start : start + 2000] @ said.T).tocsr()
        for number in range(alike.shape[0]):
            part = slice(alike.indptr[number], alike.indptr[number + 1])
            order = np.argsort(-alike.data[part], kind="stable")[1 : NEIGHBOURS + 1]
            neighbours.append(alike.indices[part][order].tolist())
    return neighbours, words


if __name__ == "__main__":
    main()
