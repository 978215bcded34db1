"""The real reports beside this clone, judged half against half; ``-s`` prints the figures.

Each half judges what the other bears out: the first figure is that of the whole table, which holds what is known
of servers from elsewhere too; the second keeps, of all words that end a reader's mail, only those that some hard
report of the other half shows, and so says how far one half alone would lead.
"""

import json
import random
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from digest.bounces import reports, wording
from digest.bounces.gone import Family

SEEDS = range(3)


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


@pytest.fixture
def cases(shared_data: Path) -> list[Case]:
    folder = shared_data / "bounces"
    if not folder.is_dir():
        pytest.skip("the folder of real reports is not beside this clone")
    listed = [json.loads(line) for line in (folder / "expected.jsonl").read_text().splitlines()]
    assert len(listed) > 150
    return [
        Case(
            one["file"],
            (folder / one["file"]).read_bytes(),
            any(row["hard"] for row in one["expected"]),
            any(row["reason"] == "feedback" for row in one["expected"]),
        )
        for one in listed
    ]


def told(cases: list[Case]) -> dict[str, set[str]]:
    return {case.name: {report.kind for report in reports.read(case.raw)} for case in cases}


def score(cases: list[Case], kinds: dict[str, set[str]]) -> Score:
    found = heard = wrong = 0
    for case in cases:
        said = kinds[case.name]
        found += case.is_hard and reports.HARD in said
        heard += case.is_complaint and reports.COMPLAINT in said
        wrong += (not case.is_hard and reports.HARD in said) or (not case.is_complaint and reports.COMPLAINT in said)
    return Score(sum(case.is_hard for case in cases), found, sum(case.is_complaint for case in cases), heard, wrong)


def halves(cases: list[Case], seed: int) -> tuple[list[Case], list[Case]]:
    shuffled = sorted(cases)
    random.Random(seed).shuffle(shuffled)
    return shuffled[::2], shuffled[1::2]


def habits(family: Family) -> list[re.Pattern[str]]:
    return [re.compile(one) for several in family.values() for one in several]


def borne_out(family: Family, learnt: list[Case]) -> re.Pattern[str]:
    """The habits that some hard report of a half shows."""
    texts = [wording.plain(case.raw.decode(errors="replace")[:8000]) for case in learnt if case.is_hard]
    kept = [one.pattern for one in habits(family) if any(one.search(text) for text in texts)]
    return re.compile("|".join(kept) or r"(?!)")


@pytest.mark.long
@pytest.mark.pure
def test_real_reports_are_understood(cases: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    """At least 95 % of hard bounces, all complaints, and nobody suppressed who should not be."""
    whole, apart, kinds = [], [], told(cases)
    for seed in SEEDS:
        for learnt, judged in (pair := halves(cases, seed), pair[::-1]):
            whole.append(score(judged, kinds))
            with monkeypatch.context() as patch:
                for family in (wording.GONE, wording.GONE_SURELY, wording.UNAVAILABLE):
                    patch.setitem(wording.PATTERNS, id(family), borne_out(family, learnt))
                apart.append(score(judged, told(judged)))

    total, alone = (Score(*map(sum, zip(*scores, strict=True))) for scores in (whole, apart))
    sys.stdout.write(
        f"\nthe whole table: {total}\nonly what the other half bears out: {alone}\nall: {score(cases, kinds)}\n"
    )
    assert (total.wrong, alone.wrong, total.heard) == (0, 0, total.complaints)
    assert total.found >= 0.95 * total.hard


def test_what_is_no_failure_never_suppresses_whatever_it_returns(cases: list[Case], monkeypatch: Any) -> None:
    """The same reports, as an ordinary mail would quote them."""
    for case in cases:
        quoted = b"From: reader@example.org\r\nSubject: Fwd: what is this?\r\n\r\n> " + case.raw.replace(b"\n", b"\n> ")
        assert {report.kind for report in reports.read(quoted)} <= {reports.COMPLAINT} - {reports.COMPLAINT}, case.name
