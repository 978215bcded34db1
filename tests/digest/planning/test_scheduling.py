"""Slots: one a local day, in every zone, through gaps and folds."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.planning.scheduling import (
    Schedule,
    Slot,
    clock_of,
    is_wanted,
    jitter,
    latest_slot,
    local_day,
    next_slot,
    slot_after_change,
    slot_of,
    slots_ahead,
)
from digest.types import EVERY_DAY
from tests.conftest import examples

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


def test_slot_of_an_hour_in_a_gap_that_ends_the_day_comes_just_before_it() -> None:
    """On that Saturday the clocks of Nuuk go from 23:00 to midnight."""
    nuuk = Schedule("America/Nuuk", time(23, 30))

    assert slot_of(date(2026, 3, 28), nuuk).due_at == at("2026-03-29T00:59:59")


def test_slot_of_a_late_hour_keeps_its_jitter_within_the_day() -> None:
    late = Schedule("UTC", time(23, 55), jitter=timedelta(minutes=9))

    assert slot_of(date(2026, 11, 23), late).due_at == at("2026-11-23T23:59")


def test_a_day_that_a_zone_leaves_out_has_no_slot() -> None:
    """Samoa crossed the date line: Thursday 29 December 2011 was followed by Saturday."""
    apia = Schedule("Pacific/Apia", time(8))
    thursday = slot_of(date(2011, 12, 29), apia)

    saturday = next_slot(apia, now=thursday.due_at, after=thursday.day)

    assert not is_wanted(date(2011, 12, 30), apia)
    assert saturday.day == date(2011, 12, 31)
    assert saturday.due_at - thursday.due_at == timedelta(hours=24)


def test_a_day_that_comes_twice_has_one_slot_and_the_next_is_two_days_later() -> None:
    """Kwajalein crossed the other way in 1969, the one case in which the bound of 26 hours cannot be kept."""
    schedule = Schedule("Pacific/Kwajalein", time(8))
    first = slot_of(date(1969, 9, 30), schedule)

    following = next_slot(schedule, now=first.due_at, after=first.day)

    assert following.day == date(1969, 10, 1)
    assert following.due_at - first.due_at == timedelta(hours=47)


@cache
def changes(zone: str) -> tuple[tuple[datetime, timedelta], ...]:
    """The moments, to the minute, at which a zone changes its clocks in the years 2024 to 2032, and the offset then."""
    found = []
    # No zone changes twice within five days.
    step = timedelta(days=5)
    moment, offset = at("2024-01-01"), at("2024-01-01").astimezone(ZoneInfo(zone)).utcoffset()
    while moment < at("2033-01-01"):
        later = (moment + step).astimezone(ZoneInfo(zone)).utcoffset()
        if later != offset:
            low, high = 0, int(step.total_seconds()) // 60
            while high - low > 1:
                middle = (low + high) // 2
                is_before = (moment + timedelta(minutes=middle)).astimezone(ZoneInfo(zone)).utcoffset() == offset
                low, high = (middle, high) if is_before else (low, middle)
            assert later is not None
            found.append((moment + timedelta(minutes=high), later))
        moment, offset = moment + step, later
    return tuple(found)


@pytest.mark.long
@pytest.mark.pure
def test_every_change_of_clocks_in_every_zone_leaves_one_slot_a_day_22_to_26_hours_apart() -> None:
    """All zones, 2024 to 2032. Zones whose clocks are the same are looked at once.

    Around each change: every whole hour, every quarter of an hour near the change on both clocks, and
    the last minute of the day; with and without jitter.
    """
    seen = {}
    for zone in ZONES:
        seen[at("2024-01-01").astimezone(ZoneInfo(zone)).utcoffset(), changes(zone)] = zone
    checked = 0
    for zone in seen.values():
        for moment, _ in changes(zone):
            first = local_day(moment, zone) - timedelta(days=2)
            near = {
                (moment + timedelta(minutes=15 * quarter)).astimezone(ZoneInfo(zone)).time().replace(second=0)
                for quarter in range(-10, 11)
            }
            for hour in near | {time(number) for number in range(24)} | {time(23, 59)}:
                for spread in (timedelta(0), timedelta(minutes=9, seconds=59)):
                    schedule = Schedule(zone, hour, jitter=spread)
                    slots = [slot_of(first + timedelta(days=number), schedule) for number in range(5)]
                    assert all(local_day(slot.due_at, zone) == slot.day for slot in slots)
                    assert all(
                        timedelta(hours=22) <= later.due_at - slot.due_at <= timedelta(hours=26)
                        for slot, later in pairwise(slots)
                    ), (zone, hour, slots)
                    checked += 1
    assert sum(len(changes(zone)) for zone in ZONES) > 3000
    assert checked > 40_000


spreads = st.integers(min_value=0, max_value=599).map(lambda seconds: timedelta(seconds=seconds))


@examples(300)
@given(zones, hours, moments, spreads)
def test_every_local_day_has_one_slot_and_they_are_a_day_apart(
    zone: str, hour: time, start: datetime, spread: timedelta
) -> None:
    schedule = Schedule(zone, hour, jitter=spread)
    slot = next_slot(schedule, now=start)

    for following in slots_ahead(schedule, first=slot, count=10)[1:]:
        assert following.day == slot.day + timedelta(days=1) == local_day(following.due_at, zone)
        assert timedelta(hours=22) <= following.due_at - slot.due_at <= timedelta(hours=26)
        slot = following


steps = st.tuples(
    st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(hours=60)),
    st.none() | zones | st.sampled_from(["Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Auckland"]),
    st.none() | hours,
)


@examples(400)
@given(zones, hours, moments, spreads, st.lists(steps, min_size=1, max_size=12))
def test_whatever_a_reader_changes_and_when_no_day_has_two_and_no_day_lived_in_one_zone_has_none(
    zone: str, hour: time, start: datetime, spread: timedelta, changed: list[Any]
) -> None:
    """A daily reader moves about. A day that a move cut short, or that was over where they
    arrived, may have none: it is the one thing that no plan can give back."""
    schedule = Schedule(zone, hour, jitter=spread)
    held = next_slot(schedule, now=start)
    first, now, since = held.day, start, start
    sent: dict[date, datetime] = {}
    lived: set[date] = set()

    for wait, new_zone, new_hour in [*changed, (timedelta(days=3), "UTC", None)]:
        now += wait
        while held.due_at <= now:
            if held.day not in sent:  # as the database sees to
                sent[held.day] = held.due_at
                assert local_day(held.due_at, schedule.time_zone) == held.day
            held = next_slot(schedule, now=held.due_at, after=held.day)
        day = local_day(since, schedule.time_zone) + timedelta(days=1)
        while day < local_day(now, schedule.time_zone):
            lived.add(day)
            day += timedelta(days=1)
        if new_zone is not None:
            since = now
        schedule = replace(schedule, time_zone=new_zone or schedule.time_zone, send_at=new_hour or schedule.send_at)
        held = slot_after_change(schedule, now=now, used=sent, held=held)
        assert held.day not in sent

    assert {day for day in lived if day >= first} <= set(sent)


def test_an_hour_moved_back_behind_now_leaves_todays_mail_where_it_was() -> None:
    planned = Slot(date(2026, 11, 23), at("2026-11-23T18:00"))

    slot = slot_after_change(Schedule("UTC", time(7)), now=at("2026-11-23T12:00"), used=(), held=planned)

    assert slot == planned


def test_a_change_in_the_minute_of_the_mail_does_not_lose_it() -> None:
    schedule = Schedule("UTC", time(8))
    planned = slot_of(date(2026, 11, 23), schedule)

    assert slot_after_change(schedule, now=at("2026-11-23T08:00:30"), used=(), held=planned) == planned


def test_from_auckland_to_los_angeles_a_day_comes_again_and_gets_no_second_mail() -> None:
    had = {date(2026, 11, 24), date(2026, 11, 25)}
    planned = slot_of(date(2026, 11, 26), Schedule("Pacific/Auckland", time(8)))

    slot = slot_after_change(
        Schedule("America/Los_Angeles", time(8)), now=at("2026-11-24T20:00"), used=had, held=planned
    )

    assert slot == Slot(date(2026, 11, 26), at("2026-11-26T16:00"))


def test_from_los_angeles_to_auckland_the_day_that_is_nearly_over_there_has_its_mail_at_once() -> None:
    now = at("2026-11-25T04:00")  # 20:00 on the 24th there, 17:00 on the 25th here
    planned = slot_of(date(2026, 11, 25), Schedule("America/Los_Angeles", time(8)))

    slot = slot_after_change(Schedule("Pacific/Auckland", time(8)), now=now, used={date(2026, 11, 24)}, held=planned)

    assert slot == Slot(date(2026, 11, 25), now)


def test_a_day_that_is_not_wanted_any_more_is_not_kept() -> None:
    planned = Slot(date(2026, 11, 23), at("2026-11-23T18:00"))
    fridays = Schedule("UTC", time(7), weekdays=0b10000)

    assert slot_after_change(fridays, now=at("2026-11-23T12:00"), used=(), held=planned).day == date(2026, 11, 27)


def test_clock_of_is_the_hour_the_reader_set_and_the_old_one_where_todays_mail_kept_it() -> None:
    schedule = Schedule("Asia/Tokyo", time(7, 45), jitter=timedelta(minutes=5))
    slot = slot_of(date(2026, 11, 24), schedule)

    assert f"{clock_of(slot, schedule):%d %H:%M}" == "24 07:45"
    assert f"{clock_of(Slot(slot.day, at('2026-11-24T09:00')), schedule):%d %H:%M}" == "24 18:00"


@examples(200)
@given(zones, hours, weekdays, moments)
def test_the_next_slot_is_ahead_on_a_chosen_weekday_within_eight_days(
    zone: str, hour: time, days: int, now: datetime
) -> None:
    slot = next_slot(Schedule(zone, hour, weekdays=days), now=now)

    assert now < slot.due_at <= now + timedelta(days=8, hours=2)
    assert days >> slot.day.weekday() & 1


@examples(200)
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
