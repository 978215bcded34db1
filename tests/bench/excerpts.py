"""How many excerpts say what a paper does or finds, of two hundred judged abstracts of arXiv.

    uv run --all-groups python tests/bench/excerpts.py [PATH]

``judged/excerpts.tsv`` holds an arXiv id and the numbers of the sentences, counted from 0, of which each alone
would tell a reader what the paper contributes. An excerpt holds the contribution where one of them is in it.
"""

import gzip
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from papersite.catalogue.reading import excerpts
from papersite.catalogue.reading.readable import readable

JUDGED = Path(__file__).resolve().parent / "judged" / "excerpts.tsv"
PAPERS = Path(__file__).resolve().parents[3] / "shared/data/arxiv/arxiv_cs_2025_2026.jsonl.gz"


def judged() -> dict[str, set[int]]:
    rows = (line.split("\t") for line in JUDGED.read_text().splitlines())
    return {identifier: set(map(int, numbers.split(","))) for identifier, numbers in rows}


def share(path: Path) -> tuple[int, int, list[str]]:
    """Excerpts that hold the contribution, all that were judged, and the papers whose excerpt does not."""
    wanted = judged()
    missed = []
    with gzip.open(path, "rt") as file:
        for line in file:
            entry = json.loads(line)
            if (numbers := wanted.pop(entry["id"], None)) is None:
                continue
            text = readable(entry["abstract"])
            sentences = excerpts.sentences(text)
            chosen = excerpts.chosen(text)
            if not any(sentences[number] in chosen for number in numbers):
                missed.append(entry["id"])
    count = len(judged()) - len(wanted)
    return count - len(missed), count, missed


if __name__ == "__main__":
    held, count, missed = share(Path(sys.argv[1]) if len(sys.argv) > 1 else PAPERS)
    print(f"{held} of {count} excerpts hold the contribution ({100 * held / count:.1f} %)")
    print(f"not those of {' '.join(missed)}")
