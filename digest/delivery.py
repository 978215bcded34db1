"""A delivery's life: claim, begin, settle, give back, sweep.

    due → claimed → sending → sent | empty | skipped | failed

Each step is one conditional statement on the row, so that two workers never hold the
same delivery, and a worker whose lease ran out changes nothing any more.
"""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from digest import registration, relays, statements, tokens
from digest.models import Delivery, DeliveryItem, Suppression

logger = logging.getLogger(__name__)

State = Delivery.State
LOST = "lost"
HELD = "held"


@dataclass(frozen=True, slots=True)
class Note:
    """Says why no papers come today, and when the next mail does, on the reader's own clock."""

    reason: str
    next_at: datetime | None


@dataclass(slots=True)
class Claim:
    """A delivery in the hands of a worker: what its mail needs, without the weight of rows."""

    pk: int
    day: date
    subscription_id: int
    due_at: datetime
    address: str = ""
    cap: int = 0
    attempts: int = 0
    assembled_at: datetime | None = None
    token: str = field(default="", repr=False)
    subject: str = ""
    note: Note | None = None

    @property
    def message_id(self) -> str:
        return tokens.message_id(self.pk, self.day)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery ended, or when it is to be tried again."""

    state: str
    reason: str = ""
    not_before: datetime | None = None
    is_uncertain: bool = False
    """The mail may have arrived all the same."""


SENT = Outcome(State.SENT)
_FIELDS = ("pk", "day", "subscription_id", "due_at", "subscription__reader__email", "subscription__cap")


def new_worker() -> str:
    """A name under which one run of the drain holds its claims."""
    return uuid4().hex


def claim(worker: str, now: datetime, limit: int) -> list[Claim]:
    """Takes up to ``limit`` due deliveries under a lease, in one statement.

    PostgreSQL passes over rows that others are claiming; on SQLite the transaction
    already holds the only write lock.
    """
    lease = now + settings.DIGEST_LEASE
    values = {"worker": worker, "now": now, "lease": lease, "limit": limit}
    claimed = [row[0] for row in statements.run(statements.CLAIM, values)]
    if not claimed:
        return []
    held = Delivery.objects.filter(pk__in=claimed).order_by("due_at", "pk")
    rows = held.values_list(*_FIELDS, "attempts", "assembled_at")
    return [_claim(row) for row in rows]


def _claim(row: Any) -> Claim:
    pk, day, subscription, due_at, address, cap, attempts, assembled_at = row
    return Claim(pk, day, subscription, due_at, address, cap, attempts, assembled_at, tokens.make(pk))


def unwelcome(claims: list[Claim]) -> set[int]:
    """Those whose reader left, paused, was closed or suppressed already: nothing need be made for them."""
    mine = Delivery.objects.filter(pk__in=[one.pk for one in claims])
    closed = mine.exclude(
        Q(subscription__paused_until__isnull=True) | Q(subscription__paused_until__lte=F("day")),
        subscription__confirmed_at__isnull=False,
        subscription__ended_at__isnull=True,
        subscription__reader__is_active=True,
    )
    by_hash = {tokens.address_hash(one.address): one.pk for one in claims}
    suppressed = Suppression.objects.filter(address_hash__in=by_hash).values_list("address_hash", flat=True)
    return set(closed.values_list("pk", flat=True)) | {by_hash[held] for held in suppressed}


def advance(
    worker: str,
    now: datetime,
    *,
    settled: tuple[Claim, Outcome] | None = None,
    begun: Claim | None = None,
    again: bool = False,
) -> str:
    """Settles one delivery and begins the next, in one statement and one commit; the state of the next.

    ``sending`` means that its mail may leave now. ``skipped``: the reader left, paused,
    was closed or suppressed since the claim. ``lost``: the lease ran out and somebody
    else has it. ``held``: no mail may leave at all. ``again`` says that the database may have
    done this already, before its answer was lost.
    """
    if settled is not None and settled[1].state != State.SENT:
        settle(worker, now, *settled)
        settled = None
    if settled is None and begun is None:
        return ""
    rows = dict(statements.run(statements.ADVANCE, _values(worker, now, settled and settled[0], begun)))
    if settled is not None:
        _check_acceptance(settled[0], rows, now, again=again)
    if begun is None:
        return ""
    if begun.pk in rows or (again and _is_begun(worker, begun)):
        return State.SENDING
    return _not_begun(worker, now, begun)


def _values(worker: str, now: datetime, settled: Claim | None, begun: Claim | None) -> dict[str, Any]:
    address = begun.address if begun else ""
    return {
        "worker": worker,
        "now": now,
        "lease": now + settings.DIGEST_LEASE,
        "settled": settled.pk if settled else 0,
        "begun": begun.pk if begun else 0,
        "subject": begun.subject if begun else "",
        "address": address,
        "address_hash": tokens.address_hash(address),
    }


def _check_acceptance(claim: Claim, rows: dict[int, int], now: datetime, *, again: bool) -> None:
    """Sounds the alarm when a reader was sent two mails for one day."""
    if claim.pk not in rows and not again:
        # The lease had run out, and the mail was accepted all the same.
        logger.warning("delivery.late delivery=%s", claim.pk)
        Delivery.objects.filter(pk=claim.pk).update(accepted_count=F("accepted_count") + 1)
        rows[claim.pk] = Delivery.objects.values_list("accepted_count", flat=True).get(pk=claim.pk)
    if rows.get(claim.pk, 1) > 1:
        relays.alarm(f"Delivery {claim.pk} was accepted by the mail server more than once.", now)


def _is_begun(worker: str, begun: Claim) -> bool:
    return Delivery.objects.filter(pk=begun.pk, claimed_by=worker, state=State.SENDING).exists()


def _not_begun(worker: str, now: datetime, begun: Claim) -> str:
    """What stands in the way of a mail that the statement did not let go."""
    if not relays.is_open(now):
        return HELD
    return dismiss(worker, now, begun)


def dismiss(worker: str, now: datetime, begun: Claim) -> str:
    """Skips a delivery whose reader is not welcome any more; its state."""
    fresh = Delivery.objects.select_related("subscription__reader").filter(pk=begun.pk).first()
    if fresh is None or fresh.claimed_by != worker:
        return LOST
    reason = registration.why_unwelcome(fresh.subscription, fresh.day)
    if not reason:
        # The reader has another address since the claim: the next claim reads it.
        return State.DUE if settle(worker, now, begun, Outcome(State.DUE)) else LOST
    return State.SKIPPED if settle(worker, now, begun, Outcome(State.SKIPPED, reason)) else LOST


@transaction.atomic
def settle(worker: str, now: datetime, delivery: Claim, outcome: Outcome) -> bool:
    """Ends a delivery, or makes it due again; whether the worker still held it.

    Papers of a digest that certainly did not reach its reader are free for another day.
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
        accepted_count=F("accepted_count") + int(outcome.state == State.SENT),
    )
    if changed and outcome.is_uncertain:
        Delivery.objects.filter(pk=delivery.pk).update(is_uncertain=True)
    if changed and outcome.state in (State.SKIPPED, State.FAILED):
        DeliveryItem.objects.filter(delivery=delivery.pk, delivery__is_uncertain=False).delete()
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


def retry(delivery: Claim, now: datetime, reason: str, *, is_uncertain: bool = False) -> Outcome:
    """Another try after a growing pause, or failure once the reader's day is over."""
    pause = timedelta(minutes=min(2 ** max(delivery.attempts, 0), 60))
    # A stable part of the pause, so that a thousand refused mails do not return at once.
    later = now + pause + pause * (delivery.pk % 10) / 20
    if later > delivery.due_at + timedelta(hours=16):
        reason = f"The mail server did not accept it all day: {reason}"
        return Outcome(State.FAILED, reason, is_uncertain=is_uncertain)
    return Outcome(State.DUE, not_before=later, is_uncertain=is_uncertain)


def has_due(now: datetime) -> bool:
    return Delivery.objects.due(now).exists()
