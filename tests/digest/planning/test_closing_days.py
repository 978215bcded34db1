"""Every reader's day is closed: no second mail comes by plan, by hand, or by another hour."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from digest.models import Subscription
from digest.planning import changes, planner
from digest.planning.closing_days import DAYS_WRITTEN, close_days
from digest.planning.scheduling import local_day
from tests.factories import NOW, DeliveryFactory, SubscriptionFactory, sent

pytestmark = pytest.mark.django_db

WHY = "Nobody knows."
TODAY, YESTERDAY = date(2026, 11, 23), date(2026, 11, 22)
# One of the morning, one of the evening, one whose date is tomorrow's already, one of a weekday that is not today.
SCHEDULES: list[dict[str, Any]] = [
    {"send_at": time(8)},
    {"send_at": time(22)},
    {"time_zone": "Pacific/Auckland", "send_at": time(7)},
    {"time_zone": "America/Los_Angeles", "send_at": time(6)},
    {"weekdays": 0b0000010},
    {"paused_until": date(2026, 12, 24)},
]


def reader(since: date = YESTERDAY, **schedule: Any) -> Subscription:
    """As a backup of that day has it: planned, and not yet mailed."""
    due_at = datetime.combine(since, time(8), tzinfo=UTC)
    return SubscriptionFactory.create(next_due_on=since, next_due_at=due_at, **schedule)


def days(subscription: Subscription) -> dict[date, tuple[str, bool]]:
    return {one.day: (one.state, one.is_uncertain) for one in subscription.deliveries.all()}


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_no_reader_has_a_day_left_up_to_now_and_each_has_their_next(schedule: dict[str, Any]) -> None:
    held = reader(**schedule)

    close_days(WHY, NOW)

    held.refresh_from_db()
    today = local_day(NOW, held.time_zone)
    assert days(held)[today] == ("skipped", True)
    assert held.next_due_on is not None
    assert held.next_due_at is not None
    assert held.next_due_on > today
    assert held.next_due_at > NOW
    assert planner.open_deliveries(NOW + timedelta(hours=1)) == 0
    # Neither by hand, nor by another hour, nor by the end of a pause comes a second one.
    assert planner.open_today([held], NOW) == 0
    changes.change(held, now=NOW, send_at=time(13), weekdays=127, paused_until=None, time_zone="UTC")
    assert planner.open_deliveries(datetime(2026, 11, 23, 23, 59, tzinfo=UTC)) == 0


def test_days_that_were_lost_are_said_and_those_that_are_known_stay() -> None:
    held = reader(date(2026, 11, 20), weekdays=0b1111011)  # no Wednesdays
    known = sent(held, date(2026, 11, 21))
    unused = DeliveryFactory.create(subscription=held, day=TODAY, state="skipped", reason="Paused until tomorrow.")

    assert close_days(WHY, NOW) == 1
    assert {day: state for day, (state, _) in days(held).items()} == {
        date(2026, 11, 20): "skipped", date(2026, 11, 21): "sent", YESTERDAY: "skipped", TODAY: "skipped",
    }  # fmt: skip
    known.refresh_from_db()
    unused.refresh_from_db()
    assert (known.is_uncertain, unused.is_uncertain) == (False, True)
    assert unused.reason == "Paused until tomorrow."
    assert held.deliveries.get(day=YESTERDAY).reason == WHY


def test_who_left_or_never_confirmed_is_left_alone() -> None:
    gone = SubscriptionFactory.create(ended_at=NOW, next_due_on=None, next_due_at=None)
    unconfirmed = SubscriptionFactory.create(confirmed_at=None, next_due_on=None, next_due_at=None)

    assert close_days(WHY, NOW) == 0
    assert days(gone) == days(unconfirmed) == {}


def test_a_very_old_backup_brings_no_years_of_rows() -> None:
    held = reader(date(2025, 1, 1))

    close_days(WHY, NOW)

    assert held.deliveries.count() == DAYS_WRITTEN + 1
