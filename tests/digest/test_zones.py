"""The time zones there are."""

from typing import Any
from zoneinfo import available_timezones

from digest import zones


def test_they_are_those_that_python_knows() -> None:
    assert zones.names() == available_timezones()


def test_files_are_looked_through_once(monkeypatch: Any) -> None:
    zones.names()
    asked: list[None] = []
    monkeypatch.setattr(zones, "available_timezones", lambda: asked.append(None))

    assert "Europe/Berlin" in zones.names()
    assert not asked
