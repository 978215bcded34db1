"""A month's calendar."""

from datetime import date, timedelta
from typing import Any

import pytest

from papersite.catalogue import months
from tests.factories import NOW, PaperFactory

pytestmark = pytest.mark.django_db


def test_each_day_has_its_three_hottest(django_assert_num_queries: Any) -> None:
    for upvotes in (1, 9, 3, 7):
        PaperFactory.create(title=f"With {upvotes}", hf_upvotes=upvotes)
    PaperFactory.create(title="Hidden", hf_upvotes=99, is_hidden=True)
    PaperFactory.create(title="Of October", announced_at=NOW - timedelta(days=30))

    with django_assert_num_queries(1):
        found = months.hottest(date(2026, 11, 1))
    with django_assert_num_queries(0):
        assert months.hottest(date(2026, 11, 1)) == found

    assert {day: [line.title for line in lines] for day, lines in found.items()} == {
        date(2026, 11, 23): ["With 9", "With 7", "With 3"]
    }


def test_weeks_begin_on_monday_and_leave_other_months_out() -> None:
    weeks = months.weeks(date(2026, 11, 1))

    assert weeks[0] == [None] * 6 + [date(2026, 11, 1)]
    assert all(len(week) == 7 for week in weeks)
    assert months.after(date(2026, 12, 1)) == date(2027, 1, 1)
