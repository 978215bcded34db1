"""Closes every reader's local day: after a restore nobody knows who had theirs."""

from datetime import date, datetime, timedelta

from django.db import transaction

from digest.database import bulk
from digest.models import Delivery, Subscription
from digest.planning.planner import BATCH, UNUSED, schedule_of
from digest.planning.scheduling import Schedule, is_wanted, local_day, next_slot

# Further back no missed day is written down for its reader.
DAYS_WRITTEN = 31


def close_days(reason: str, now: datetime) -> int:
    """Settles each active reader's days up to today's as skipped, and plans the next one; how many readers.

    A day counts as one that may have had its mail, so that no changed hour, no pause that ends and no
    order by hand brings a second. Days that are settled already stay as they are.
    """
    total, last = 0, 0
    while batch := _close_batch(reason, now, last):
        total += len(batch)
        last = batch[-1]
    return total


@transaction.atomic
def _close_batch(reason: str, now: datetime, last: int) -> list[int]:
    found = Subscription.objects.active().filter(pk__gt=last).order_by("pk").select_for_update(of=("self",))
    held = list(found[:BATCH])
    closed: list[Delivery] = []
    moved = []
    for one in held:
        schedule, today = schedule_of(one), local_day(now, one.time_zone)
        closed += [
            Delivery(
                subscription=one, day=day, due_at=now, settled_at=now, is_uncertain=True, reason=reason,
                state=Delivery.State.SKIPPED,
            )
            for day in _days(one, schedule, now)
        ]  # fmt: skip
        following = next_slot(schedule, now=now, after=today)
        moved.append((following.day, following.due_at, one.pk))
    Delivery.objects.bulk_create(closed, ignore_conflicts=True, batch_size=500)
    # What was skipped when the backup was made may have been mailed after it, too.
    numbers = [one.pk for one in held]
    lately = Delivery.objects.filter(subscription__in=numbers, day__gte=(now - timedelta(days=2)).date())
    lately.filter(UNUSED).update(is_uncertain=True)
    bulk.set_next(moved)
    return numbers


def _days(subscription: Subscription, schedule: Schedule, now: datetime) -> list[date]:
    """Today, whatever its hour, and before it the days that were still to come when the backup was made."""
    today = local_day(now, subscription.time_zone)
    first = max(subscription.next_due_on or today, today - timedelta(days=DAYS_WRITTEN))
    before = [first + timedelta(days=number) for number in range((today - first).days)]
    return [*(day for day in before if is_wanted(day, schedule)), today]
