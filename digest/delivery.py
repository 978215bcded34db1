"""A delivery's life: claim, begin, settle, give back, sweep.

    due → claimed → sending → sent | empty | skipped | failed

Each step is one conditional statement on the row, so that two workers never hold the
same delivery, and a worker whose lease ran out changes nothing any more.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F

from digest.models import Delivery, DeliveryItem
from digest.registration import LEFT

logger = logging.getLogger(__name__)

State = Delivery.State


def new_worker() -> str:
    """A name under which one run of the drain holds its claims."""
    return uuid4().hex


@transaction.atomic
def claim(worker: str, now: datetime, limit: int) -> list[Delivery]:
    """Takes up to ``limit`` due deliveries under a lease.

    PostgreSQL passes over rows that others are claiming; on SQLite the transaction
    already holds the only write lock.
    """
    due = Delivery.objects.due(now).select_for_update(skip_locked=True)[:limit]
    ids = list(due.values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=ids, state=State.DUE).update(
        state=State.CLAIMED, claimed_by=worker, lease_until=now + settings.DIGEST_LEASE
    )
    held = Delivery.objects.held_by(worker).filter(state=State.CLAIMED)
    return list(held.select_related("subscription__reader").prefetch_related("items").order_by("due_at", "pk"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery ended, or when it is to be tried again."""

    state: str
    reason: str = ""
    not_before: datetime | None = None


SENT = Outcome(State.SENT)


LOST = "lost"


@transaction.atomic
def advance(
    worker: str, now: datetime, *, settled: tuple[Delivery, Outcome] | None = None, begun: Delivery | None = None
) -> str:
    """Settles one delivery and begins the next, in one commit; the state of the next.

    ``sending`` means that its mail may leave now. ``skipped``: the reader left, paused,
    was closed or suppressed since the claim. ``lost``: the lease ran out and somebody
    else has it.
    """
    if settled is not None:
        settle(worker, now, *settled)
    if begun is None:
        return ""
    welcome = Delivery.objects.welcome().filter(pk=begun.pk).values("pk")
    mine = Delivery.objects.held_by(worker).filter(pk=begun.pk, state=State.CLAIMED)
    is_begun = mine.filter(pk__in=welcome).update(
        state=State.SENDING,
        lease_until=now + settings.DIGEST_LEASE,
        attempts=F("attempts") + 1,
        subject=begun.subject,
    )
    if is_begun:
        return State.SENDING
    is_skipped = settle(worker, now, begun, Outcome(State.SKIPPED, why_unwelcome(begun)))
    return State.SKIPPED if is_skipped else LOST


def settle(worker: str, now: datetime, delivery: Delivery, outcome: Outcome) -> bool:
    """Ends a delivery, or makes it due again; whether the worker still held it.

    Papers of a digest that did not reach its reader are free for another day.
    """
    held = Delivery.objects.held_by(worker).filter(pk=delivery.pk, state__in=[State.CLAIMED, State.SENDING])
    is_open = outcome.state == State.DUE
    changed = held.update(
        state=outcome.state,
        reason=outcome.reason[:300],
        not_before=outcome.not_before,
        claimed_by="",
        lease_until=None,
        settled_at=None if is_open else now,
    )
    if changed and outcome.state in (State.SKIPPED, State.FAILED):
        DeliveryItem.objects.filter(delivery=delivery).delete()
    logger.info("delivery.settled delivery=%s state=%s held=%s", delivery.pk, outcome.state, bool(changed))
    return bool(changed)


def give_back(worker: str, *, not_before: datetime | None = None) -> int:
    """Returns everything claimed and not begun, as after a stop or while a relay is down."""
    claimed = Delivery.objects.held_by(worker).filter(state=State.CLAIMED)
    return claimed.update(state=State.DUE, claimed_by="", lease_until=None, not_before=not_before)


def sweep(now: datetime) -> tuple[int, int]:
    """Makes due again what a vanished worker held; how many were claimed, and how many were being sent.

    The latter may have gone out already. They are sent again under the same Message-ID, and listed.
    """
    lost = Delivery.objects.expired(now)
    free = {"state": State.DUE, "claimed_by": "", "lease_until": None}
    uncertain = lost.filter(state=State.SENDING).update(**free, is_uncertain=True)
    claimed = lost.filter(state=State.CLAIMED).update(**free)
    if claimed or uncertain:
        logger.warning("delivery.swept claimed=%s uncertain=%s", claimed, uncertain)
    return claimed, uncertain


def why_unwelcome(delivery: Delivery) -> str:
    """The reason, in words for the reader, why a digest must not go out now."""
    fresh = Delivery.objects.select_related("subscription__reader").get(pk=delivery.pk)
    subscription = fresh.subscription
    if subscription.ended_at is not None:
        return LEFT
    if subscription.confirmed_at is None:
        return "Your address is not confirmed."
    if not subscription.reader.is_active:
        return "Your account is closed."
    if subscription.paused_until is not None and subscription.paused_until > fresh.day:
        return f"Paused until {subscription.paused_until:%d %B %Y}."
    return "Mail to this address bounced or was refused."


def retry(delivery: Delivery, now: datetime, reason: str) -> Outcome:
    """Another try after a growing pause, or failure once the reader's day is over."""
    pause = timedelta(minutes=min(2 ** max(delivery.attempts, 0), 60))
    # A stable part of the pause, so that a thousand refused mails do not return at once.
    later = now + pause + pause * (delivery.pk % 10) / 20
    if later > delivery.due_at + timedelta(hours=16):
        return Outcome(State.FAILED, f"The mail server did not accept it all day: {reason}")
    return Outcome(State.DUE, not_before=later)


def has_due(now: datetime) -> bool:
    return Delivery.objects.due(now).exists()
