"""A delivery's life: claim, begin, settle, release, sweep.

    due → claimed → sending → sent | empty | skipped | failed

A worker claims a batch under a lease and has one row of its own for it, the batch cursor. Moving the
cursor on is all that is written at each mail: it says both that one mail was accepted and that the
next is being sent. What was accepted is settled together, soon after; all else at once. Each step is
one conditional statement, so that two workers never hold the same delivery, and a worker whose cursor
was swept begins nothing any more.
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from digest import tokens
from digest.database import bulk, statements
from digest.editions import states
from digest.models import BatchCursor, Delivery, DeliveryItem, Edition, Suppression
from digest.planning import eligibility
from digest.sending import relay
from digest.types import Claim, Outcome

logger = logging.getLogger(__name__)

State = Delivery.State
LOST = "lost"
HELD = "held"
OVERDUE_AT_ONCE = 2000
MOVED = "It may have gone to the address that the reader had before."


SENT = Outcome(State.SENT)
_FREE: dict[str, Any] = {"state": State.DUE, "claimed_by": "", "lease_until": None}
_FIELDS = (
    "pk", "day", "subscription_id", "due_at", "subscription__reader__email", "subscription__cap",
    "subscription__wants_news", "attempts", "assembled_at", "accepted_count", "key", "mailed_to", "revision",
    "is_uncertain",
)  # fmt: skip


def new_worker() -> str:
    """A name under which one batch is held."""
    return uuid4().hex


def claim(worker: str, now: datetime, limit: int) -> list[Claim]:
    """Takes up to ``limit`` due deliveries under a lease, in the order of their numbers.

    PostgreSQL passes over rows that others are claiming; on SQLite the transaction
    already holds the only write lock.
    """
    statements.read_by_index()
    lease = now + settings.DIGEST_LEASE
    values = {"worker": worker, "now": now, "lease": lease, "limit": limit}
    with statements.write_lock(), transaction.atomic():
        claimed = [row[0] for row in statements.run(statements.claim_besides(states.waiting(now)), values)]
        if not claimed:
            return []
        BatchCursor.objects.create(worker=worker, lease_until=lease)
    held = Delivery.objects.filter(pk__in=claimed).order_by("pk")
    return [_claim(worker, row) for row in held.values_list(*_FIELDS)]


def _claim(worker: str, row: Any) -> Claim:
    pk, day, subscription, due_at, address, cap, wants_news, attempts, assembled_at, accepted_count, key, *held = row
    mailed_to, revision, is_uncertain = held
    is_other = mailed_to != (address_hash := tokens.address_hash(address))
    has_moved = is_other and is_uncertain and bool(mailed_to)
    if is_other and not has_moved:
        # The reader has changed it within the moment since.
        Delivery.objects.held_by(worker).filter(pk=pk).update(mailed_to=address_hash)
    return Claim(
        pk, day, subscription, due_at, address, cap, attempts, assembled_at, tokens.make(pk, key),
        tokens.message_id(pk, day, key),
        accepted_count=accepted_count, wants_news=wants_news, revision_id=revision,
        has_moved=has_moved,
    )  # fmt: skip


def ineligible(claims: list[Claim]) -> set[int]:
    """Those whose reader left, paused, moved, was closed or suppressed already: nothing need be made for them."""
    mine = Delivery.objects.filter(pk__in=[one.pk for one in claims])
    closed = mine.exclude(
        Q(subscription__paused_until__isnull=True) | Q(subscription__paused_until__lte=F("day")),
        subscription__confirmed_at__isnull=False,
        subscription__ended_at__isnull=True,
        subscription__reader__is_active=True,
    )
    by_hash = {tokens.address_hash(one.address): one.pk for one in claims}
    suppressed = Suppression.objects.filter(address_hash__in=by_hash).values_list("address_hash", flat=True)
    moved = {one.pk for one in claims if one.has_moved}
    return moved | set(closed.values_list("pk", flat=True)) | {by_hash[held] for held in suppressed}


def advance(
    worker: str,
    now: datetime,
    *,
    settled: tuple[Claim, Outcome] | None = None,
    begun: Claim | None = None,
    again: bool = False,
) -> str:
    """Settles one delivery and begins the next; the state of the next.

    Where a mail was taken, both are one statement and one commit; any other outcome is settled before.

    ``sending`` means that its mail may leave now. ``skipped``: the reader left, paused,
    was closed or suppressed since the claim. ``lost``: the lease ran out and somebody
    else has it. ``held``: no mail may leave at all. ``again`` says that the database may have
    done this already, before its answer was lost.
    """
    if settled is not None and settled[1].state != State.SENT:
        settle(worker, now, *settled)
    if settled is None and begun is None:
        return ""
    rows = statements.run(statements.ADVANCE, _values(worker, now, settled and settled[0], begun))
    if not rows and not again and settled is not None and settled[1].state == State.SENT:
        _accepted_late(settled[0], now)
    if begun is None:
        return ""
    if not rows:
        return LOST
    return State.SENDING if rows[0][0] == begun.pk else _not_begun(worker, now, begun)


def _values(worker: str, now: datetime, settled: Claim | None, begun: Claim | None) -> dict[str, Any]:
    return {
        "worker": worker,
        "now": now,
        "lease": now + settings.DIGEST_LEASE,
        "done": settled.pk if settled else 0,
        "begun": begun.pk if begun else 0,
        "subscription": begun.subscription_id if begun else 0,
        "day": begun.day if begun else now.date(),
        "address": begun.address if begun else "",
        "address_hash": tokens.address_hash(begun.address) if begun else "",
    }


def _accepted_late(claim: Claim, now: datetime) -> None:
    """The cursor had been swept while the mail left, so that it is sent once more or was so already."""
    logger.warning("delivery.late delivery=%s", claim.pk)
    Delivery.objects.filter(pk=claim.pk).update(accepted_count=F("accepted_count") + 1)
    _check_acceptance([claim.pk], now)


def settle_accepted(worker: str, now: datetime, accepted: list[Claim]) -> None:
    """Writes down in the ledger what the cursor says was accepted."""
    if accepted:
        with statements.write_lock(), transaction.atomic():
            bulk.settle_as_sent([(one.subject, now, one.pk, worker) for one in accepted])
        _check_acceptance([one.pk for one in accepted], now)


def _check_acceptance(settled: list[int], now: datetime) -> None:
    """Sounds the alarm when a reader was sent two mails for one day."""
    twice = Delivery.objects.filter(pk__in=settled, accepted_count__gt=1).order_by("pk")
    for pk in twice.values_list("pk", flat=True)[:1]:
        relay.alarm(f"Delivery {pk} was accepted by the mail server more than once.", now)


def _not_begun(worker: str, now: datetime, begun: Claim) -> str:
    """What stands in the way of a mail that the statement did not let go."""
    if not relay.is_open(now) or Edition.objects.filter(day=begun.day, state=Edition.State.HELD).exists():
        return HELD
    return skip(worker, now, begun)


def skip(worker: str, now: datetime, begun: Claim) -> str:
    """Skips a delivery whose reader is not welcome any more; its state."""
    fresh = Delivery.objects.select_related("subscription__reader").filter(pk=begun.pk).first()
    if fresh is None or fresh.claimed_by != worker:
        return LOST
    reason = eligibility.why_ineligible(fresh.subscription, fresh.day) or (MOVED if begun.has_moved else "")
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
    # A note's reason is the note, also at the next try.
    reason = {} if is_open else {"reason": outcome.reason[:300]}
    changed = held.update(
        **reason,
        state=outcome.state,
        not_before=outcome.not_before,
        claimed_by="",
        lease_until=None,
        settled_at=None if is_open else now,
        attempts=delivery.attempts,
        accepted_count=F("accepted_count") + int(outcome.state == State.SENT),
    )
    if changed and outcome.is_uncertain:
        Delivery.objects.filter(pk=delivery.pk).update(is_uncertain=True)
    if changed and outcome.state in (State.SKIPPED, State.FAILED):
        DeliveryItem.objects.filter(delivery=delivery.pk, delivery__is_uncertain=False).delete()
    logger.info("delivery.settled delivery=%s state=%s held=%s", delivery.pk, outcome.state, bool(changed))
    return bool(changed)


def release_others(worker: str, kept: list[int]) -> None:
    """Makes due again what is left of a batch beside these, as none of it may be.

    Whatever a cursor has passed counts as accepted, so that it must not pass what has no mail.
    """
    Delivery.objects.held_by(worker).exclude(pk__in=kept).update(**_FREE)


@transaction.atomic
def release(worker: str, *, not_before: datetime | None = None) -> int:
    """Returns everything claimed and not begun, as after a stop or while a relay is down."""
    cursor = BatchCursor.objects.select_for_update().filter(worker=worker).first()
    if cursor is None:
        return 0
    held = Delivery.objects.held_by(worker)
    returned = held.filter(pk__gt=cursor.begun).update(**_FREE, not_before=not_before)
    # With a mail whose fate nobody knows the cursor stays until its lease runs out.
    if not held.exists():
        cursor.delete()
    return returned


def sweep(now: datetime) -> tuple[int, int]:
    """Makes due again what a vanished worker held; how many were claimed, and how many were being sent.

    The latter may have gone out already. They are sent again under the same Message-ID, and listed.
    """
    relay.shorten_rest(now)
    lost = list(BatchCursor.objects.filter(lease_until__lt=now))
    swept = [_sweep_batch(cursor.worker, now) for cursor in lost]
    claimed, uncertain = (sum(counts) for counts in zip((0, 0), *swept, strict=True))
    # No cursor belongs to what was claimed by a release that had none.
    without_cursor = Delivery.objects.expired(now).exclude(claimed_by__in=BatchCursor.objects.values("worker"))
    uncertain += without_cursor.filter(state=State.SENDING).update(**_FREE, is_uncertain=True)
    claimed += without_cursor.filter(state=State.CLAIMED).update(**_FREE)
    if claimed or uncertain:
        logger.warning("delivery.swept claimed=%s uncertain=%s", claimed, uncertain)
    return claimed, uncertain


@transaction.atomic
def _sweep_batch(worker: str, now: datetime) -> tuple[int, int]:
    """From here on that worker, should it live after all, begins nothing more."""
    cursor = BatchCursor.objects.select_for_update().filter(worker=worker, lease_until__lt=now).first()
    if cursor is None:
        return 0, 0
    cursor.delete()
    held = Delivery.objects.held_by(worker)
    accepted = list(held.filter(pk__lte=cursor.done).values_list("pk", flat=True))
    bulk.settle_as_sent([("", now, pk, worker) for pk in accepted])
    _check_acceptance(accepted, now)
    uncertain = held.filter(pk=cursor.begun).update(**_FREE, is_uncertain=True, attempts=F("attempts") + 1)
    return held.update(**_FREE), uncertain


def retry(delivery: Claim, now: datetime, reason: str, *, is_uncertain: bool = False) -> Outcome:
    """Another try after a growing pause, or failure once the reader's day is over."""
    pause = timedelta(minutes=min(2 ** max(delivery.attempts, 0), 60))
    # A stable part of the pause, so that a thousand refused mails do not return at once.
    later = now + pause + pause * (delivery.pk % 10) / 20
    if later > delivery.due_at + timedelta(hours=16):
        reason = f"The mail server did not accept it all day: {reason}"
        return Outcome(State.FAILED, reason, is_uncertain=is_uncertain)
    return Outcome(State.DUE, not_before=later, is_uncertain=is_uncertain)


def count_due(now: datetime, most: int) -> int:
    """How many may leave now; counted no further than this."""
    return Delivery.objects.due(now).exclude(day__in=states.waiting(now)).order_by()[:most].count()


def skip_what_waited(now: datetime) -> int:
    """Ends what waits for a curator beyond the hours of grace, and was never begun; how many."""
    days = states.waiting(now)
    if not days:
        return 0
    overdue = Delivery.objects.due(now).filter(day__in=days, due_at__lt=now - settings.DIGEST_GRACE, attempts=0)
    skipped = 0
    while numbers := list(overdue.values_list("pk", flat=True)[:OVERDUE_AT_ONCE]):
        with statements.write_lock(), transaction.atomic():
            ended = {"state": State.SKIPPED, "reason": states.WAITED, "settled_at": now}
            skipped += Delivery.objects.filter(pk__in=numbers, state=State.DUE).update(**ended)
            # What was chosen for them, before the day was held back, is free for another day.
            DeliveryItem.objects.filter(delivery__in=numbers, delivery__state=State.SKIPPED).delete()
    return skipped
