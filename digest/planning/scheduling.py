"""Whose local morning is it? Pure: the schedule and the moment come in, a slot goes out.

A slot is keyed by the local date that was meant, and lies within that day: what a gap or the
jitter would carry past midnight comes just before it.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from digest.types import EVERY_DAY


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a reader wants mail. ``weekdays`` has one bit a day, Monday the lowest."""

    time_zone: str
    send_at: time
    weekdays: int = EVERY_DAY
    paused_until: date | None = None
    jitter: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Slot:
    """One local day of a reader and the moment, in UTC, at which its digest is due."""

    day: date
    due_at: datetime


def local_day(now: datetime, time_zone: str) -> date:
    return now.astimezone(ZoneInfo(time_zone)).date()


def slot_of(day: date, schedule: Schedule) -> Slot:
    """The slot of a day. An hour that a clock change skips moves past the gap; one that
    comes twice means the first."""
    moment, room = _moment(day, schedule.send_at, schedule.time_zone)
    return Slot(day, moment + schedule.jitter % room)


# Most readers share a few hours and zones, and planning asks for each of them.
@lru_cache(maxsize=10_000)
def _moment(day: date, send_at: time, time_zone: str) -> tuple[datetime, timedelta]:
    """An hour of a day, and how much of the day comes after it."""
    end = _in_utc(day + timedelta(days=1), time.min, time_zone)
    moment = min(_in_utc(day, send_at, time_zone), end - timedelta(seconds=1))
    return moment, end - moment


@lru_cache(maxsize=10_000)
def _is_lived(day: date, time_zone: str) -> bool:
    """Whether the day comes at all: a zone that crosses the date line westward leaves one out, as Samoa did in 2011."""
    return _in_utc(day, time.min, time_zone) < _in_utc(day + timedelta(days=1), time.min, time_zone)


def _in_utc(day: date, hour: time, time_zone: str) -> datetime:
    return datetime.combine(day, hour, tzinfo=ZoneInfo(time_zone)).replace(fold=0).astimezone(UTC)


def is_wanted(day: date, schedule: Schedule) -> bool:
    """Whether a day of the reader's own calendar is one with mail."""
    is_paused = schedule.paused_until is not None and day < schedule.paused_until
    return bool(schedule.weekdays >> day.weekday() & 1) and not is_paused and _is_lived(day, schedule.time_zone)


def next_slot(schedule: Schedule, *, now: datetime, after: date | None = None) -> Slot:
    """The first slot due after ``now`` whose day comes after the day ``after``."""
    first = local_day(now, schedule.time_zone)
    if after is not None:
        first = max(first, after + timedelta(days=1))
    return next(slot for slot in _slots(schedule, first) if slot.due_at > now)


def slot_after_change(schedule: Schedule, *, now: datetime, used: Collection[date], held: Slot | None) -> Slot:
    """The next slot under a new schedule, where ``held`` was planned under the old one.

    The days in ``used`` had their mail. One that was still to have it keeps it, at the old moment or
    at once, if its hour under the new schedule is over: whoever moves 18:00 to 07:00 at noon gets
    today's at 18:00.
    """
    today = local_day(now, schedule.time_zone)
    following = next(slot for slot in _slots(schedule, today) if slot.due_at > now and slot.day not in used)
    was_planned = held is not None and held.day <= today and today not in used
    if held is None or not was_planned or following.day == today or not is_wanted(today, schedule):
        return following
    is_today = local_day(held.due_at, schedule.time_zone) == today
    return Slot(today, held.due_at if is_today else now)


def slots_ahead(schedule: Schedule, *, first: Slot, count: int) -> list[Slot]:
    """The planned slot and those that follow it."""
    slots = [first]
    while len(slots) < count:
        slots.append(next_slot(schedule, now=slots[-1].due_at, after=slots[-1].day))
    return slots


def clock_of(slot: Slot, schedule: Schedule) -> datetime:
    """The moment of a slot on the reader's clock, as they set it: without the jitter."""
    local = slot.due_at.astimezone(ZoneInfo(schedule.time_zone))
    set_at = _moment(slot.day, schedule.send_at, schedule.time_zone)[0].astimezone(local.tzinfo)
    return set_at if slot == slot_of(slot.day, schedule) else local


def latest_slot(schedule: Schedule, *, since: Slot, now: datetime) -> Slot:
    """The last slot due by ``now``, from ``since`` on: of several missed mornings one counts."""
    latest = since
    following = since.day + timedelta(days=1)
    for slot in _slots(schedule, max(following, local_day(now, schedule.time_zone) - timedelta(days=8))):
        if slot.due_at > now:
            return latest
        latest = slot
    return latest


def jitter(key: int, at_most: timedelta) -> timedelta:
    """A stable part of ``at_most``, by whole seconds, so that not all of 08:00 falls on one second."""
    seconds = int(at_most.total_seconds())
    if seconds <= 0:
        return timedelta(0)
    number = int.from_bytes(hashlib.blake2b(str(key).encode(), digest_size=8).digest())
    return timedelta(seconds=number % seconds)


def _slots(schedule: Schedule, first: date) -> Iterator[Slot]:
    """The slots from a day on, without end."""
    if not schedule.weekdays & EVERY_DAY:
        raise ValueError("A schedule needs at least one weekday.")
    day = first if schedule.paused_until is None else max(first, schedule.paused_until)
    while True:
        if is_wanted(day, schedule):
            yield slot_of(day, schedule)
        day += timedelta(days=1)
