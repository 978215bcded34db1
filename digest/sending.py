"""Drains what is due: claims a batch, assembles it at once, hands over mail by mail.

Killing the process at any moment loses nothing and repeats at most the one mail in its
hands: what is claimed returns when its lease runs out, and that a mail is in hand is
committed before it leaves.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from digest import choosing, composition, delivery, pacing, printing, quiet, relays, statements
from digest.assembly import Choice
from digest.carriers import Carrier, Parcel, RelayDown, carrier
from digest.delivery import Claim, Outcome
from digest.models import Delivery, Edition
from digest.rankings import Rankings

logger = logging.getLogger(__name__)

State = Delivery.State
# So long what was accepted may wait to be settled with what is accepted next.
SETTLE_AFTER = 1.0


@dataclass(slots=True)
class Drained:
    """What one run did, by outcome."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, state: str) -> None:
        self.counts[state] = self.counts.get(state, 0) + 1

    def __str__(self) -> str:
        return " ".join(f"{state}={count}" for state, count in sorted(self.counts.items())) or "nothing due"


class Stock:
    """What is read and rendered once for many mails. It is good for some minutes, over several runs."""

    GOOD_FOR = timedelta(minutes=5)

    def __init__(self) -> None:
        self.rankings = Rankings()
        self._renew(None)

    def _renew(self, now: datetime | None) -> None:
        self.cards = composition.Cards()
        self.press = printing.Press(self.cards)
        self.notes = quiet.Notes()
        self.made_at = now

    def expire(self, now: datetime) -> None:
        """Forgets what is too old, by whichever way the clock went."""
        self.rankings.expire(now)
        if self.made_at is None or abs(now - self.made_at) > self.GOOD_FOR:
            self._renew(now)


@dataclass(slots=True)
class Run:
    """One run of the drain: the name it holds its batch under, its clock, and what it keeps while it lasts."""

    clock: Callable[[], datetime]
    is_stopping: Callable[[], bool]
    stock: Stock = field(default_factory=Stock)
    worker: str = field(default_factory=delivery.new_worker)
    drained: Drained = field(default_factory=Drained)

    def claim(self) -> list[Claim]:
        self.worker = delivery.new_worker()
        return delivery.claim(self.worker, self.clock(), settings.DIGEST_BATCH)

    def settle(self, one: Claim, outcome: Outcome) -> None:
        """Ends a delivery that needs no mail."""
        delivery.settle(self.worker, self.clock(), one, outcome)
        self.drained.add(outcome.state)


def drain(
    clock: Callable[[], datetime] = timezone.now,
    *,
    is_stopping: Callable[[], bool] = lambda: False,
    stock: Stock | None = None,
) -> Drained:
    """Sends until nothing is due. ``is_stopping`` is asked between mails: true ends the run in good order."""
    run = Run(clock, is_stopping, stock or Stock())
    relay = carrier()
    try:
        while not is_stopping() and relays.is_open(clock()):
            run.stock.expire(clock())
            if not (batch := run.claim()):
                break
            parcels = list(pack(run, batch, as_bytes=relay.takes_bytes))
            if len(parcels) < len(batch):
                delivery.keep(run.worker, [parcel.claim.pk for parcel in parcels])
            _send(run, relay, parcels)
            delivery.give_back(run.worker)
    except RelayDown as error:
        until = relays.rest(error.reason, clock())
        delivery.give_back(run.worker, not_before=until)
    finally:
        delivery.give_back(run.worker)
        statements.commit_lastingly()
        relay.close()
    return run.drained


def _send(run: Run, relay: Carrier, parcels: list[Parcel]) -> None:
    """Hands over mail by mail; saying that one was accepted and beginning the next is one commit."""
    settled: tuple[Claim, Outcome] | None = None
    pace = pacing.Pace(run.is_stopping)
    ledger = _Ledger(run)
    statements.commit_quickly()
    try:
        for parcel, following in zip_longest(parcels, parcels[1:]):
            pace.wait()
            if run.is_stopping():
                break
            state = _advance(run, settled, parcel.claim)
            settled = None
            ledger.write_when_due()
            if state == delivery.HELD:
                break
            if state != State.SENDING:
                run.drained.add(state)
                continue
            parcel.claim.attempts += 1
            outcome = relay.carry(parcel, following, run.clock)
            settled = (parcel.claim, outcome)
            run.drained.add(outcome.state)
            if outcome.state == State.SENT:
                ledger.add(parcel.claim)
    except RelayDown as error:
        settled = (parcel.claim, error.outcome or Outcome(State.DUE))
        raise
    finally:
        _advance(run, settled, None)
        ledger.close()


class _Ledger:
    """What was accepted and is to be settled, together."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.accepted: list[Claim] = []
        self.is_urgent = False
        self.written_at = time.monotonic()
        self.count = 0

    def add(self, claim: Claim) -> None:
        self.accepted.append(claim)
        # A second mail to one reader must stop all others at once.
        self.is_urgent |= claim.accepted_count > 0

    def write_when_due(self) -> None:
        if self.is_urgent or time.monotonic() - self.written_at > SETTLE_AFTER:
            self.write()

    def write(self) -> None:
        _while_away(lambda _: delivery.settle_accepted(self.run.worker, self.run.clock(), self.accepted))
        self.count += len(self.accepted)
        self.accepted.clear()
        self.is_urgent = False
        self.written_at = time.monotonic()

    def close(self) -> None:
        self.write()
        relays.count(self.count, self.run.clock())
        if self.count:
            relays.recovered()


def _advance(run: Run, settled: tuple[Claim, Outcome] | None, begun: Claim | None) -> str:
    return _while_away(
        lambda again: delivery.advance(run.worker, run.clock(), settled=settled, begun=begun, again=again)
    )


def _while_away[T](step: Callable[[bool], T]) -> T:
    """One step, taken again while the database is away: a mail that was accepted must be settled."""
    again = False
    until = time.monotonic() + settings.DIGEST_LEASE.total_seconds() / 2
    while True:
        try:
            return step(again)
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            logger.warning("database.away")
            time.sleep(0.2)
            close_old_connections()
            again = True


def pack(run: Run, batch: list[Claim], *, as_bytes: bool) -> Iterator[Parcel]:
    """Chooses, saves and composes the mails of a batch; what needs none is settled here."""
    closed = delivery.unwelcome(batch)
    for one in batch:
        if one.pk in closed:
            run.drained.add(delivery.dismiss(run.worker, run.clock(), one))
    batch = [one for one in batch if one.pk not in closed]
    choices, empty = choosing.choose_for(run.worker, batch, run.stock.rankings, run.clock())
    for _, outcome in empty:
        run.drained.add(outcome.state)
    ids = {choice.paper_id for chosen in choices.values() for choice in chosen}
    run.stock.cards.load(ids)
    if as_bytes:
        try:
            run.stock.press.load(ids)
        except Exception:
            # One card that cannot be made: the mails that hold it will say so, each for itself.
            logger.exception("cards.not_made")
    editions = {edition.day: edition for edition in Edition.objects.filter(day__in={one.day for one in batch})}
    for one in batch:
        if not choices[one.pk] and not one.note:
            continue
        try:
            parcel = _parcel(run.stock, one, choices[one.pk], editions.get(one.day), as_bytes=as_bytes)
        except Exception:
            # One mail that cannot be made must not keep the others from leaving.
            logger.exception("delivery.not_composed delivery=%s", one.pk)
            run.settle(one, Outcome(State.FAILED, "The mail could not be composed."))
        else:
            yield parcel


def _parcel(stock: Stock, one: Claim, choices: list[Choice], edition: Edition | None, *, as_bytes: bool) -> Parcel:
    if one.note:
        printed = stock.notes.mail(one) if as_bytes else None
        return Parcel(one, printed, None if printed else quiet.compose(one))
    printed = stock.press.mail(one, choices, edition) if as_bytes else None
    if printed is not None:
        return Parcel(one, printed)
    return Parcel(one, None, composition.compose(one, choices, stock.cards, edition))
