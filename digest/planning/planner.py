"""Opens deliveries: turns subscriptions that are due into rows, once a reader and day.

Running it twice, or two at once, changes nothing: the pair of subscription and day is unique.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q

from digest.database import bulk
from digest.models import Delivery, Subscription
from digest.planning.scheduling import Schedule, Slot, jitter, latest_slot, local_day, next_slot, slot_after_change

BATCH = 2000
FIELDS = ("pk", "next_due_on", "next_due_at", "time_zone", "send_at", "weekdays", "paused_until")
MISSED = "The site was not running at your hour."
# A day whose digest was skipped had none: nothing of it ever left.
UNUSED = Q(state=Delivery.State.SKIPPED, is_uncertain=False, accepted_count=0, extra=0)


def schedule_of(subscription: Subscription) -> Schedule:
    """A subscription's hours and days, as ``scheduling`` reckons with them."""
    return Schedule(
        time_zone=subscription.time_zone,
        send_at=subscription.send_at,
        weekdays=subscription.weekdays,
        paused_until=subscription.paused_until,
        jitter=jitter(subscription.pk, settings.DIGEST_JITTER),
    )


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
    lately = Delivery.objects.filter(subscription__in=wanted, day__gte=now.date() - timedelta(days=2))
    days = {(pk, delivery.day) for pk, delivery in wanted.items()}
    unused = [pk for pk, *row in lately.filter(UNUSED).values_list("pk", "subscription", "day") if tuple(row) in days]
    Delivery.objects.filter(pk__in=unused).delete()
    held = set(lately.values_list("subscription", "day"))
    new = [delivery for pk, delivery in wanted.items() if (pk, delivery.day) not in held]
    Delivery.objects.bulk_create(new, ignore_conflicts=True)
    for delivery in new:
        _set_next(delivery.subscription, next_slot(schedule_of(delivery.subscription), now=now, after=delivery.day))
    Subscription.objects.bulk_update([delivery.subscription for delivery in new], ["next_due_on", "next_due_at"])
    return len(new)


@transaction.atomic
def open_extra(subscription: Subscription, now: datetime) -> Delivery:
    """Opens one more delivery beside that of the reader's day, counted from 1; the plan stays as it is."""
    # The lock puts two of them one after the other.
    Subscription.objects.select_for_update().get(pk=subscription.pk)
    today = local_day(now, subscription.time_zone)
    last = subscription.deliveries.filter(day=today).aggregate(Max("extra", default=0))["extra__max"]
    return subscription.deliveries.create(day=today, extra=last + 1, due_at=now)


def reschedule(subscription: Subscription, now: datetime) -> None:
    """Sets (without saving) the next slot after a change: never a second one for a day that had its digest,
    and none lost for a day that was still to have it."""
    if not subscription.is_active:
        subscription.next_due_on = subscription.next_due_at = None
        return
    held = None
    if subscription.next_due_on is not None and subscription.next_due_at is not None:
        held = Slot(subscription.next_due_on, subscription.next_due_at)
    used = _days_used(subscription, now) if subscription.pk else set()
    slot = slot_after_change(schedule_of(subscription), now=now, used=used, held=held)
    if subscription.pk:
        # What was skipped makes room for the mail that this day, or a later one, is to have after all.
        subscription.deliveries.filter(UNUSED, day__gte=slot.day).delete()
    _set_next(subscription, slot)


def _days_used(subscription: Subscription, now: datetime) -> set[date]:
    """The days, of all that may be today somewhere and later ones, that had their digest."""
    since = local_day(now, subscription.time_zone) - timedelta(days=1)
    return set(subscription.deliveries.filter(day__gte=since).exclude(UNUSED).values_list("day", flat=True))


def _set_next(subscription: Subscription, slot: Slot) -> None:
    subscription.next_due_on, subscription.next_due_at = slot.day, slot.due_at
