"""Days and years in the forms of many programs."""

from datetime import date

import pytest

from papersite.catalogue.sources.library.dates import day_of, year_of


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2017-06-12", date(2017, 6, 12)),
        ("2017/06/12/", date(2017, 6, 12)),
        ("2017-6", date(2017, 6, 1)),
        ("2017 jun 1", date(2017, 6, 1)),
        ("2017 {June} 1", date(2017, 6, 1)),
        ("June 12, 2017", date(2017, 6, 12)),
        ("2017-06-12T10:00:00Z", date(2017, 6, 12)),
        ("2017", None),
        ("2017///", None),
        ("2017-13-01", None),
        ("in press", None),
        ("", None),
    ],
)
def test_a_day(written: str, day: date | None) -> None:
    assert day_of(written) == day


@pytest.mark.parametrize(
    ("written", "year"), [("2017", 2017), ("2017///", 2017), ("to appear in 2017", 2017), ("20171", None), ("x", None)]
)
def test_a_year(written: str, year: int | None) -> None:
    assert year_of(written) == year
