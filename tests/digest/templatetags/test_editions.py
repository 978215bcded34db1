"""Editions on pages of the catalogue."""

from datetime import date

from digest.templatetags.editions import of_day


def test_a_day_is_looked_up() -> None:
    assert of_day({date(2026, 11, 23): "here"}, date(2026, 11, 23)) == "here"
    assert of_day({}, date(2026, 11, 23)) is None
