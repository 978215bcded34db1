"""Decides what a batch of deliveries holds, and saves it before any mail leaves.

The mail, its copy on the web and the ledger thus agree, and a mail that is sent again is the same mail.
"""

import logging
from collections import defaultdict
from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from digest.choosing import assembly, distinct, inputs
from digest.choosing.rankings import Rankings
from digest.composing import quiet_day
from digest.database import bulk, statements
from digest.editions import states, tallies
from digest.editions.states import InForce
from digest.ledger import mailed, remainders
from digest.models import Delivery, DeliveryItem
from digest.sending import claims
from digest.types import Choice, Claim, Outcome, Remainder

logger = logging.getLogger(__name__)

# What is no fault of one mail: the database is away, or the worker is asked to stop.
STOPS = (OperationalError, InterfaceError, SoftTimeLimitExceeded)
Empty = list[tuple[Claim, Outcome]]


def choose_for(
    worker: str, batch: list[Claim], rankings: Rankings, now: datetime
) -> tuple[dict[int, list[Choice]], Empty]:
    """Saves which papers each delivery holds, in order; one that has its papers already keeps them.

    Also those that hold none, which are settled here, and how, unless their reader wants a note of it.
    """
    editions = states.in_force({one.day for one in batch})
    choices = _saved(batch)
    _forget(worker, [one for one in batch if one.pk in choices], editions, choices)
    quiet_day.recall(batch)
    choices |= {one.pk: [] for one in batch if one.note}
    fresh = [one for one in batch if one.pk not in choices]
    if not fresh:
        return choices, []
    try:
        chosen, empty = _choose(worker, fresh, rankings, now, editions)
    except STOPS:
        raise
    except Exception:
        # Two days of one reader at once, of which the second must see what the first took; or one
        # reader's follows that cannot be read, which must not keep the others' mail.
        logger.exception("choosing.one_by_one claims=%s", len(fresh))
        chosen, empty = _choose_one_by_one(worker, fresh, rankings, now, editions)
    return choices | chosen, empty


def _choose_one_by_one(
    worker: str, fresh: list[Claim], rankings: Rankings, now: datetime, editions: InForce
) -> tuple[dict[int, list[Choice]], Empty]:
    choices: dict[int, list[Choice]] = {}
    settled: Empty = []
    for one in fresh:
        try:
            chosen, empty = _choose(worker, [one], rankings, now, editions)
        except STOPS:
            raise
        except Exception:
            logger.exception("choosing.failed delivery=%s", one.pk)
            outcome = Outcome(Delivery.State.FAILED, "The papers could not be chosen.")
            claims.settle(worker, now, one, outcome)
            chosen, empty = {one.pk: []}, [(one, outcome)]
        choices |= chosen
        settled += empty
    return choices, settled


def _choose(
    worker: str, fresh: list[Claim], rankings: Rankings, now: datetime, editions: InForce
) -> tuple[dict[int, list[Choice]], Empty]:
    """Reads first and writes at the end, so that nobody waits for a lock meanwhile."""
    gathered = inputs.gather(fresh, rankings, now, editions)
    choices = distinct.choose_all({one.pk: gathered[one.pk] for one in fresh}, rankings.nearness, now, rankings.names)
    left = {pk: assembly.remainders(gathered[pk], chosen, now) for pk, chosen in choices.items() if chosen}
    empty = [
        (one, Outcome(Delivery.State.EMPTY, assembly.reason_for_nothing(gathered[one.pk], now)))
        for one in fresh
        if not choices[one.pk]
    ]
    papers = {choice.paper_id for chosen in choices.values() for choice in chosen}
    noted = quiet_day.take(empty)
    empty = [(one, outcome) for one, outcome in empty if not one.note]
    with statements.write_lock(), transaction.atomic():
        for one, outcome in empty:
            claims.settle(worker, now, one, outcome)
        quiet_day.save(worker, noted)
        mailed.keep(papers - rankings.mailed)
        _save(fresh, choices, left)
        _name(worker, [one for one in fresh if choices[one.pk]], editions)
        _count(fresh, choices, now)
        # Of all commits this one must outlive the machine: what a mail held is never chosen again.
        statements.flush_this_transaction()
    rankings.mailed |= papers
    return choices, empty


def _forget(worker: str, chosen: list[Claim], editions: InForce, choices: dict[int, list[Choice]]) -> None:
    """What was chosen by an older revision, for mails that nobody has begun to send: it is chosen anew."""
    stale = [one for one in chosen if not one.attempts and one.revision_id != editions.number_of(one.day)]
    if stale:
        numbers = [one.pk for one in stale]
        with statements.write_lock(), transaction.atomic():
            DeliveryItem.objects.filter(delivery__in=numbers).delete()
            _count(stale, choices, timezone.now(), sign=-1)
            Delivery.objects.held_by(worker).filter(pk__in=numbers, revision__isnull=False).update(revision=None)
        for one in stale:
            one.revision_id = None
            del choices[one.pk]


def _name(worker: str, claims: list[Claim], editions: InForce) -> None:
    """Says with each delivery which revision its mail is made from."""
    by_revision: dict[int, list[int]] = defaultdict(list)
    for one in claims:
        one.revision_id = editions.number_of(one.day)
        if one.revision_id is not None:
            by_revision[one.revision_id].append(one.pk)
    for revision_id, numbers in by_revision.items():
        Delivery.objects.held_by(worker).filter(pk__in=numbers).update(revision=revision_id)


def _count(claims: list[Claim], choices: dict[int, list[Choice]], now: datetime, sign: int = 1) -> None:
    """What the batch carries, day by day."""
    for day in {one.day for one in claims}:
        held = [[choice.paper_id for choice in choices[one.pk]] for one in claims if one.day == day]
        empty = sum(not papers for papers in held)
        tallies.add(day, [papers for papers in held if papers], now=now, empty=empty, sign=sign)


def _saved(batch: list[Claim]) -> dict[int, list[Choice]]:
    """What an earlier attempt chose."""
    saved: dict[int, list[Choice]] = defaultdict(list)
    rows = DeliveryItem.objects.filter(delivery__in=[one.pk for one in batch]).order_by("position")
    for delivery_id, paper_id, reasons in rows.values_list("delivery", "paper", "reasons"):
        saved[delivery_id].append(Choice(paper_id, tuple((kind, label) for kind, label in reasons)))
    return dict(saved)


def _save(claims: list[Claim], choices: dict[int, list[Choice]], left: dict[int, list[Remainder]]) -> None:
    items = (
        (one.pk, one.subscription_id, choice.paper_id, position, choice.reasons)
        for one in claims
        for position, choice in enumerate(choices[one.pk])
    )
    bulk.add_items(items, {pk: remainders.dumps(held) for pk, held in left.items() if held})
