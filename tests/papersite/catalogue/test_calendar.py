"""Days of the catalogue."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.calendar import (
    EASTERN,
    announced_for,
    announcements,
    day_bounds,
    evening_before,
    holidays,
    last_announcement,
    month_before,
    next_announcement,
    weekdays_back,
    why_quiet,
)


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
        ("2028-01-07T08:00", "2028-01-08T08:00", "weekend"),
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


@pytest.mark.parametrize(
    ("submitted", "announced"),
    [
        ("2026-11-17T13:59", "2026-11-17T20:00"),  # Tuesday before two: that evening
        ("2026-11-17T14:00", "2026-11-18T20:00"),
        ("2026-11-19T15:00", "2026-11-22T20:00"),  # Thursday after two: Sunday
        ("2026-11-20T13:00", "2026-11-22T20:00"),
        ("2026-11-20T14:00", "2026-11-23T20:00"),  # Friday after two, and the weekend: Monday
        ("2026-11-22T12:00", "2026-11-23T20:00"),
        ("2026-11-25T15:00", "2026-11-29T20:00"),  # the day after is a holiday
    ],
)
def test_announced_for_follows_arxivs_table(submitted: str, announced: str) -> None:
    found = announced_for(datetime.fromisoformat(submitted).replace(tzinfo=EASTERN))

    assert found.astimezone(EASTERN).replace(tzinfo=None) == datetime.fromisoformat(announced)


moments = st.datetimes(datetime(2026, 1, 2), datetime(2027, 12, 1), timezones=st.just(UTC))


@given(moments)
def test_a_paper_is_announced_after_it_was_submitted_and_within_a_week(submitted_at: datetime) -> None:
    found = announced_for(submitted_at)

    assert timedelta(0) < found - submitted_at < timedelta(days=7)
    assert announcements(found - timedelta(seconds=1), found) == [found]


@given(moments)
def test_next_and_last_announcement_enclose_a_moment(moment: datetime) -> None:
    assert last_announcement(moment) <= moment < next_announcement(moment)
    assert announcements(last_announcement(moment), next_announcement(moment)) == [next_announcement(moment)]


@pytest.mark.parametrize("month", [1, 7])
def test_a_feed_of_a_midnight_lists_the_evening_before(month: int) -> None:
    midnight = datetime(2026, month, 15, tzinfo=EASTERN)

    assert evening_before(midnight.astimezone(UTC)).astimezone(EASTERN) == datetime(2026, month, 14, 20, tzinfo=EASTERN)


PUBLISHED = [(1, 1), (1, 19), (6, 19), (7, 3), (9, 7), (11, 26), (12, 25), (12, 29), (12, 31)]
# On the weekdays beside a Saturday and a Sunday.
NEXT_YEAR = [(1, 1), (1, 18), (6, 18), (7, 5), (9, 6), (11, 25), (12, 24), (12, 29), (12, 31)]


@pytest.mark.parametrize(("year", "days"), [(2025, []), (2026, PUBLISHED), (2027, NEXT_YEAR)])
def test_the_holidays_are_those_that_arxiv_publishes(year: int, days: list[tuple[int, int]]) -> None:
    assert holidays(year) == {date(year, *day) for day in days}


def test_in_any_year_arxiv_rests_on_a_weekday_for_each_holiday() -> None:
    for year in range(2028, 2060):
        beside = {day.weekday() for day in holidays(year) if (day.month, day.day) not in {(12, 29), (12, 31)}}
        assert 8 <= len(holidays(year)) <= 9, year
        assert beside <= {0, 1, 2, 3, 4}, year


@pytest.mark.parametrize(
    ("listed", "came_out", "month"),
    [
        ((2026, 4, 13), (2025, 3, 14), date(2025, 3, 1)),
        ((2026, 4, 13), (2026, 2, 28), date(2026, 2, 1)),
        ((2026, 1, 2), (2025, 11, 30), date(2025, 11, 1)),
        ((2026, 4, 30), (2026, 3, 1), None),
        ((2026, 1, 2), (2025, 12, 31), None),
        ((2026, 4, 13), (2026, 4, 13), None),
        ((2026, 4, 13), (2027, 1, 1), None),
    ],
)
def test_month_before_is_told_of_what_a_reader_would_take_for_new(
    listed: tuple[int, int, int], came_out: tuple[int, int, int], month: date | None
) -> None:
    assert month_before(datetime(*listed, 6, tzinfo=UTC), date(*came_out)) == month
