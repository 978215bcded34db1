"""What the catalogue shows of a day's edition where nobody reads editions, and where somebody does."""

from datetime import date

import pytest

from papersite.catalogue import issues


def test_without_a_reader_there_is_nothing_and_with_one_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issues, "_readers", [issues._none])
    monkeypatch.setattr(issues, "_pickers", [issues._nobody])
    assert not issues.of(date(2026, 11, 23))
    assert not issues.picked(date(2026, 11, 23))

    issues.read_with(lambda day: issues.Issue(f"{day.year}"), lambda day: frozenset([day.month]))

    assert issues.of(date(2026, 11, 23)).intro == "2026"
    assert issues.picked(date(2026, 11, 23)) == {11}
    assert issues.Issue(picks=((1, ""),))
