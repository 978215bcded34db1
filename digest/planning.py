"""Opens deliveries: turns subscriptions that are due into rows, once a reader and day.

Running it twice, or two at once, changes nothing: the pair of subscription and day is unique.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from digest import bulk
from digest.models import Delivery, Subscription
from digest.scheduling import Schedule, Slot, jitter, latest_slot, local_day, next_slot

BATCH = 2000
FIELDS = ("pk", "next_due_on", "next_due_at", "time_zone", "send_at", "weekdays", "paused_until")
MISSED = "The site was not running at your hour."


def open_deliveries(now: datetime) -> int:
    """Opens what is due, and moves each subscription on to its next slot; how many were due."""
    total = 0
    while count := _open_batch(now):
        total += count
    return total


@transaction.atomic
def _open_batch(now: datetime) -> int:
    due = Subscription.objects.due(now).select_for_update(skip_locked=True).values_list(*FIELDS)[:BATCH]
    new: list[bulk.New] = []
    moved = []
    for pk, next_due_on, next_due_at, time_zone, send_at, weekdays, paused_until in due:
        schedule = Schedule(time_zone, send_at, weekdays, paused_until, jitter(pk, settings.DIGEST_JITTER))
        slot = latest_slot(schedule, since=Slot(next_due_on, next_due_at), now=now)
        new.append((pk, slot.day, slot.due_at, *_begin(slot, now)))
        following = next_slot(schedule, now=now, after=slot.day)
        moved.append((following.day, following.due_at, pk))
    bulk.add_deliveries(new)
    bulk.set_next(moved)
    return len(new)


def _begin(slot: Slot, now: datetime) -> tuple[str, str, datetime | None]:
    """The state a delivery begins in, and why it ends there already if it is too late."""
    if now - slot.due_at <= settings.DIGEST_GRACE:
        return Delivery.State.DUE, "", None
    return Delivery.State.SKIPPED, MISSED, now


@transaction.atomic
def open_today(subscriptions: Iterable[Subscription], now: datetime) -> int:
    """Opens today's deliveries at once, whatever the hour; how many are new.

    Whoever already has one for their local day gets no second.
    """
    wanted = {
        subscription.pk: Delivery(subscription=subscription, day=local_day(now, subscription.time_zone), due_at=now)
        for subscription in subscriptions
        if subscription.is_active
    }
    held = set(
        Delivery.objects.filter(subscription__in=wanted, day__gte=now.date() - timedelta(days=2)).values_list(
            "subscription", "day"
        )
    )
    new = [delivery for pk, delivery in wanted.items() if (pk, delivery.day) not in held]
    Delivery.objects.bulk_create(new, ignore_conflicts=True)
    for delivery in new:
        _set_next(delivery.subscription, next_slot(delivery.subscription.schedule, now=now, after=delivery.day))
    Subscription.objects.bulk_update([delivery.subscription for delivery in new], ["next_due_on", "next_due_at"])
    return len(new)


def reschedule(subscription: Subscription, now: datetime) -> None:
    """Sets (without saving) the next slot after a change: never a second one for a day that had its digest."""
    if not subscription.is_active:
        subscription.next_due_on = subscription.next_due_at = None
        return
    last = subscription.deliveries.order_by("-day").values_list("day", flat=True).first() if subscription.pk else None
    _set_next(subscription, next_slot(subscription.schedule, now=now, after=last))


def _set_next(subscription: Subscription, slot: Slot) -> None:
    subscription.next_due_on, subscription.next_due_at = slot.day, slot.due_at
