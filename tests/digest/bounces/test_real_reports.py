"""The real reports beside this clone, judged half against half; ``-s`` prints the figures."""

import sys
from pathlib import Path

import pytest

from digest.bounces import reports
from tests.bench import bounces as bench

SEEDS = range(3)


@pytest.fixture
def cases(shared_data: Path) -> list[bench.Case]:
    folder = shared_data / "bounces"
    if not folder.is_dir():
        pytest.skip("the folder of real reports is not beside this clone")
    found = bench.cases(folder)
    assert len(found) > 150
    return found


@pytest.mark.long
@pytest.mark.pure
def test_real_reports_are_understood(cases: list[bench.Case]) -> None:
    """At least 95 % of hard bounces, all complaints, and nobody suppressed who should not be."""
    whole = bench.score(cases, bench.told(cases))
    alone, _ = bench.apart(cases, SEEDS)

    sys.stdout.write(f"\nthe whole table: {whole}\nonly what the other half bears out: {alone}\n")
    assert (whole.wrong, alone.wrong) == (0, 0)
    assert whole.heard == whole.complaints
    assert alone.heard == alone.complaints
    assert whole.found >= 0.95 * whole.hard
    assert alone.found >= 0.9 * alone.hard


def test_what_is_no_failure_never_suppresses_whatever_it_returns(cases: list[bench.Case]) -> None:
    """The same reports, as an ordinary mail would quote them."""
    for case in cases:
        quoted = b"From: reader@example.org\r\nSubject: Fwd: what is this?\r\n\r\n> " + case.raw.replace(b"\n", b"\n> ")
        assert reports.read(quoted) == [], case.name
