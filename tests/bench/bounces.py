"""How many real reports are understood, half against half.

    uv run --all-groups python tests/bench/bounces.py [--splits N] [--names]

The reports beside this clone are split in halves, again and again. What is learned is the table of wordings
(``digest/bounces``). The first figure is that of the table as it stands, which holds what is known of servers from
elsewhere too, and so is the same whatever half it is judged on. The second asks how far one half alone would lead:
of all habits by which servers say that a recipient is gone, only those are kept that some hard report of one half
shows, and the other half is judged. A habit is a row of the table, with all of its grammar. The last line is JSON:
shares of hard bounces and complaints that are recognised, and how many reports end a reader's mail that should not.
"""

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from digest.bounces import reports, wording
from digest.bounces.gone import Family

FOLDER = Path(__file__).resolve().parents[3] / "shared/data/bounces"
LEARNT = (wording.GONE, wording.GONE_SURELY, wording.UNAVAILABLE)
# Called hard in the list, but what does not exist there is the sender's own host: no word about the recipient.
ABOUT_THE_SENDER = {"lhost-exim-37.eml"}


class Case(NamedTuple):
    name: str
    raw: bytes
    is_hard: bool
    is_complaint: bool


class Score(NamedTuple):
    hard: int
    found: int
    complaints: int
    heard: int
    wrong: int

    def __str__(self) -> str:
        return f"hard {self.found}/{self.hard}, complaints {self.heard}/{self.complaints}, wrong {self.wrong}"


def cases(folder: Path) -> list[Case]:
    """The reports, with what is to come of them."""
    listed = [json.loads(line) for line in (folder / "expected.jsonl").read_text().splitlines()]
    return [
        Case(
            one["file"],
            (folder / one["file"]).read_bytes(),
            any(row["hard"] for row in one["expected"]) and one["file"] not in ABOUT_THE_SENDER,
            any(row["reason"] == "feedback" for row in one["expected"]),
        )
        for one in listed
    ]


def told(judged: list[Case]) -> dict[str, set[str]]:
    return {case.name: {report.kind for report in reports.read(case.raw)} for case in judged}


def score(judged: list[Case], kinds: dict[str, set[str]]) -> Score:
    found = heard = wrong = 0
    for case in judged:
        said = kinds[case.name]
        found += case.is_hard and reports.HARD in said
        heard += case.is_complaint and reports.COMPLAINT in said
        wrong += (not case.is_hard and reports.HARD in said) or (not case.is_complaint and reports.COMPLAINT in said)
    return Score(sum(case.is_hard for case in judged), found, sum(case.is_complaint for case in judged), heard, wrong)


def total(scores: list[Score]) -> Score:
    return Score(*map(sum, zip(*scores, strict=True)))


def halves(all_: list[Case], seed: int) -> tuple[list[Case], list[Case]]:
    shuffled = sorted(all_)
    random.Random(seed).shuffle(shuffled)
    return shuffled[::2], shuffled[1::2]


def borne_out(family: Family, learnt: list[Case]) -> re.Pattern[str]:
    """The habits, each with all of its grammar, that some hard report of a half shows."""
    texts = [wording.plain(case.raw.decode(errors="replace")[:8000]) for case in learnt if case.is_hard]
    habits = ["|".join(several) for several in family.values()]
    kept = [one for one in habits if any(re.search(one, text) for text in texts)]
    return re.compile("|".join(kept) or r"(?!)")


@contextmanager
def only_learnt(learnt: list[Case]) -> Iterator[None]:
    """Nothing is known of who is gone but what a half bears out."""
    whole = dict(wording.PATTERNS)
    wording.PATTERNS.update({id(family): borne_out(family, learnt) for family in LEARNT})
    try:
        yield
    finally:
        wording.PATTERNS.update(whole)


def apart(all_: list[Case], seeds: range) -> tuple[Score, Counter[str]]:
    """What each half leads to on the other, and which hard reports it misses how often."""
    scores, missed = [], Counter[str]()
    for seed in seeds:
        for learnt, judged in (pair := halves(all_, seed), pair[::-1]):
            with only_learnt(learnt):
                kinds = told(judged)
            scores.append(score(judged, kinds))
            missed.update(case.name for case in judged if case.is_hard and reports.HARD not in kinds[case.name])
    return total(scores), missed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--splits", type=int, default=10)
    parser.add_argument("--names", action="store_true", help="which hard reports are missed, and how often")
    options = parser.parse_args()
    all_ = cases(FOLDER)
    whole = score(all_, told(all_))
    alone, missed = apart(all_, range(options.splits))
    print(f"the whole table: {whole}\nonly what the other half bears out: {alone}")
    if options.names:
        print("\n".join(f"{count:4} {name}" for name, count in missed.most_common()))
    figures = {
        "hard": round(whole.found / whole.hard, 3),
        "hard_apart": round(alone.found / alone.hard, 3),
        "complaints": round(whole.heard / whole.complaints, 3),
        "soft_wrong": whole.wrong + alone.wrong,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
