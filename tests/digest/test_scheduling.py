"""Slots: one a local day, in every zone, through gaps and folds."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.scheduling import EVERY_DAY, Schedule, Slot, jitter, latest_slot, local_day, next_slot, slot_of

ZONES = sorted(available_timezones())
zones = st.sampled_from(ZONES)
hours = st.times(max_value=time(23, 59)).map(lambda moment: moment.replace(second=0, microsecond=0))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 1), timezones=st.just(UTC))
weekdays = st.integers(min_value=1, max_value=EVERY_DAY)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_slot_of_is_the_hour_on_the_readers_clock() -> None:
    tokyo = Schedule("Asia/Tokyo", time(8))
    new_york = Schedule("America/New_York", time(8))

    assert slot_of(date(2026, 11, 23), tokyo).due_at == at("2026-11-22T23:00")
    assert slot_of(date(2026, 11, 23), new_york).due_at == at("2026-11-23T13:00")


def test_slot_of_an_hour_that_is_skipped_moves_past_the_gap() -> None:
    berlin = Schedule("Europe/Berlin", time(2, 30))

    assert slot_of(date(2026, 3, 29), berlin).due_at == at("2026-03-29T01:30")


def test_slot_of_an_hour_that_comes_twice_is_the_first() -> None:
    berlin = Schedule("Europe/Berlin", time(2, 30))

    assert slot_of(date(2026, 10, 25), berlin).due_at == at("2026-10-25T00:30")


def test_next_slot_today_if_the_hour_is_still_to_come() -> None:
    schedule = Schedule("UTC", time(8))

    assert next_slot(schedule, now=at("2026-11-23T07:59")).day == date(2026, 11, 23)
    assert next_slot(schedule, now=at("2026-11-23T08:00")).day == date(2026, 11, 24)


def test_next_slot_never_falls_on_a_day_that_is_done() -> None:
    schedule = Schedule("UTC", time(8))

    assert next_slot(schedule, now=at("2026-11-23T06:00"), after=date(2026, 11, 23)).day == date(2026, 11, 24)


def test_next_slot_keeps_to_the_weekdays() -> None:
    mondays = Schedule("UTC", time(8), weekdays=1)

    assert next_slot(mondays, now=at("2026-11-23T09:00")).day == date(2026, 11, 30)


def test_next_slot_waits_for_the_end_of_a_pause() -> None:
    paused = Schedule("UTC", time(8), paused_until=date(2026, 12, 24))

    assert next_slot(paused, now=at("2026-11-23T09:00")).day == date(2026, 12, 24)


def test_latest_slot_of_several_missed_mornings_is_the_last() -> None:
    schedule = Schedule("UTC", time(8))
    planned = slot_of(date(2026, 11, 2), schedule)

    assert latest_slot(schedule, since=planned, now=at("2026-11-23T09:00")).day == date(2026, 11, 23)
    assert latest_slot(schedule, since=planned, now=at("2026-11-23T07:00")).day == date(2026, 11, 22)


def test_latest_slot_is_the_planned_one_when_nothing_was_missed() -> None:
    schedule = Schedule("UTC", time(8))
    planned = Slot(date(2026, 11, 23), at("2026-11-23T08:00"))

    assert latest_slot(schedule, since=planned, now=at("2026-11-23T08:01")) == planned


def test_a_schedule_without_weekdays_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one weekday"):
        next_slot(Schedule("UTC", time(8), weekdays=0), now=at("2026-11-23T08:00"))


@settings(max_examples=300)
@given(zones, hours, moments)
def test_every_local_day_has_one_slot_and_they_are_a_day_apart(zone: str, hour: time, start: datetime) -> None:
    schedule = Schedule(zone, hour)
    slot = next_slot(schedule, now=start)

    for _ in range(10):
        following = next_slot(schedule, now=slot.due_at, after=slot.day)
        assert following.day == slot.day + timedelta(days=1)
        assert timedelta(hours=22) <= following.due_at - slot.due_at <= timedelta(hours=26)
        slot = following


@settings(max_examples=200)
@given(zones, hours, weekdays, moments)
def test_the_next_slot_is_ahead_on_a_chosen_weekday_within_eight_days(
    zone: str, hour: time, days: int, now: datetime
) -> None:
    slot = next_slot(Schedule(zone, hour, weekdays=days), now=now)

    assert now < slot.due_at <= now + timedelta(days=8, hours=2)
    assert days >> slot.day.weekday() & 1


@settings(max_examples=200)
@given(zones, hours, weekdays, moments, st.integers(min_value=0, max_value=40))
def test_after_any_downtime_the_latest_slot_is_past_and_the_next_is_ahead(
    zone: str, hour: time, days: int, start: datetime, away: int
) -> None:
    schedule = Schedule(zone, hour, weekdays=days)
    planned = next_slot(schedule, now=start)
    now = planned.due_at + timedelta(days=away, minutes=1)

    latest = latest_slot(schedule, since=planned, now=now)
    following = next_slot(schedule, now=now, after=latest.day)

    assert latest.due_at <= now < following.due_at
    assert latest.day < following.day
    assert next_slot(schedule, now=latest.due_at, after=latest.day) == following


@given(st.integers(min_value=1), st.integers(min_value=0, max_value=3600))
def test_jitter_is_stable_and_within_its_bounds(key: int, seconds: int) -> None:
    at_most = timedelta(seconds=seconds)

    assert jitter(key, at_most) == jitter(key, at_most)
    assert timedelta(0) <= jitter(key, at_most) <= at_most


def test_jitter_spreads_readers() -> None:
    assert len({jitter(key, timedelta(minutes=10)) for key in range(1000)}) > 400


def test_local_day_is_the_readers_date() -> None:
    assert local_day(at("2026-11-23T23:30"), "Asia/Tokyo") == date(2026, 11, 24)
    assert local_day(at("2026-11-23T03:00"), "America/Los_Angeles") == date(2026, 11, 22)
