"""What arXiv's three ways of telling a paper have in common."""

from datetime import UTC, datetime

import pytest

from papersite.catalogue.sources.arxiv.entries import http_date, is_possible, is_withdrawn, not_after_its_month

NOVEMBER = datetime(2026, 11, 24, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("abstract", "comment", "found"),
    [
        ("This paper has been withdrawn.", "", True),
        ("About it.", "Withdrawn due to an error", True),
        ("About it.", "withdrawn by arXiv administrators", True),
        ("About troops that were withdrawn by the army.", "", False),
        ("We study withdrawn papers.", "12 pages", False),
    ],
)
def test_is_withdrawn(abstract: str, comment: str, found: bool) -> None:
    assert is_withdrawn(abstract, comment) is found


@pytest.mark.parametrize(
    ("identifier", "announced_at"),
    [
        ("2611.00001", NOVEMBER),
        ("2610.00001", datetime(2026, 11, 1, 1, tzinfo=UTC)),
        ("hep-th/9912001", datetime(2000, 1, 1, 1, tzinfo=UTC)),
    ],
)
def test_no_paper_is_announced_after_the_month_of_its_id(identifier: str, announced_at: datetime) -> None:
    assert not_after_its_month(NOVEMBER, identifier) == announced_at


@pytest.mark.parametrize("value", ["", "soon", "Fri, 99 Sep 2026 13:55:30 GMT", "Fri, 11 Sep 99999 13:55:30 GMT"])
def test_http_date_of_no_date_is_none(value: str) -> None:
    assert http_date(value) is None


def test_http_date_is_in_utc() -> None:
    assert http_date("Tue, 24 Nov 2026 00:00:00 -0500") == datetime(2026, 11, 24, 5, tzinfo=UTC)


def test_is_possible_leaves_out_the_years_no_calendar_holds() -> None:
    assert [is_possible(NOVEMBER.replace(year=year)) for year in (1, 1990, 2100, 9999)] == [False, True, True, False]
    assert not is_possible(None)
