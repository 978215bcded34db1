"""Days of the catalogue."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.calendar import announcements, day_bounds, weekdays_back, why_quiet


def test_day_bounds_are_midnights_in_utc() -> None:
    assert day_bounds(date(2026, 12, 31)) == (datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def test_weekdays_back_leaves_out_weekends() -> None:
    days = weekdays_back(date(2026, 11, 23), 3)

    assert days == [date(2026, 11, 23), date(2026, 11, 20), date(2026, 11, 19)]


def test_weekdays_back_from_a_sunday_begins_on_friday() -> None:
    assert weekdays_back(date(2026, 11, 22), 1) == [date(2026, 11, 20)]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_announcements_are_at_eight_in_the_evening_eastern_time_sunday_to_thursday() -> None:
    assert announcements(at("2026-11-15T12:00"), at("2026-11-22T12:00")) == [
        at("2026-11-16T01:00"), at("2026-11-17T01:00"), at("2026-11-18T01:00"), at("2026-11-19T01:00"),
        at("2026-11-20T01:00"),
    ]  # fmt: skip


def test_announcements_follow_summer_time() -> None:
    assert announcements(at("2026-07-06T12:00"), at("2026-07-07T12:00")) == [at("2026-07-07T00:00")]


def test_announcements_include_the_end_and_not_the_start() -> None:
    moment = at("2026-11-24T01:00")

    assert announcements(moment, moment + timedelta(hours=1)) == []
    assert announcements(moment - timedelta(hours=1), moment) == [moment]


@pytest.mark.parametrize(
    ("after", "until", "why"),
    [
        ("2026-11-20T08:00", "2026-11-21T08:00", "weekend"),
        ("2026-11-20T08:00", "2026-11-22T08:00", "weekend"),
        ("2026-11-20T08:00", "2026-11-23T08:00", ""),
        ("2026-11-26T08:00", "2026-11-27T08:00", "holiday"),
        ("2026-11-26T08:00", "2026-11-29T08:00", "holiday"),
        ("2026-11-23T08:00", "2026-11-24T08:00", ""),
        ("2026-11-23T08:00", "2026-11-23T09:00", ""),
        ("2027-01-01T08:00", "2027-01-02T08:00", "weekend"),
    ],
)
def test_why_quiet_tells_a_holiday_from_a_weekend(after: str, until: str, why: str) -> None:
    assert why_quiet(at(after), at(until)) == why


moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(moments, st.timedeltas(timedelta(0), timedelta(days=20)))
def test_a_span_is_quiet_only_without_an_announcement(after: datetime, length: timedelta) -> None:
    found = announcements(after, after + length)

    assert all(after < moment <= after + length for moment in found)
    assert not (found and why_quiet(after, after + length))
    assert found or length < timedelta(days=5)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_each_day_ends_where_the_next_begins(day: date) -> None:
    assert day_bounds(day)[1] == day_bounds(day + timedelta(days=1))[0]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(min_value=0, max_value=30))
def test_weekdays_back_are_as_many_as_asked_newest_first(today: date, count: int) -> None:
    days = weekdays_back(today, count)

    assert days == sorted(set(days), reverse=True)
    assert [day for day in days if day.weekday() >= 5 or day > today] == []
    assert len(days) == count
