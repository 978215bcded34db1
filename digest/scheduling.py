"""Whose local morning is it? Pure: the schedule and the moment come in, a slot goes out.

A slot is keyed by the local date that was meant, never by a date computed back from
UTC: in a zone that skips midnight the two differ.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

EVERY_DAY = 0b1111111


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
    return Slot(day, _moment(day, schedule.send_at, schedule.time_zone) + schedule.jitter)


# Most readers share a few hours and zones, and planning asks for each of them.
@lru_cache(maxsize=10_000)
def _moment(day: date, send_at: time, time_zone: str) -> datetime:
    return datetime.combine(day, send_at, tzinfo=ZoneInfo(time_zone)).replace(fold=0).astimezone(UTC)


def next_slot(schedule: Schedule, *, now: datetime, after: date | None = None) -> Slot:
    """The first slot due after ``now`` whose day comes after the day ``after``."""
    first = local_day(now, schedule.time_zone) - timedelta(days=1)
    if after is not None:
        first = max(first, after + timedelta(days=1))
    return next(slot for slot in _slots(schedule, first) if slot.due_at > now)


def latest_slot(schedule: Schedule, *, since: Slot, now: datetime) -> Slot:
    """The last slot due by ``now``, from ``since`` on: of several missed mornings one counts."""
    latest = since
    for slot in _slots(schedule, max(since.day, local_day(now, schedule.time_zone) - timedelta(days=8))):
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
        if schedule.weekdays >> day.weekday() & 1:
            yield slot_of(day, schedule)
        day += timedelta(days=1)
