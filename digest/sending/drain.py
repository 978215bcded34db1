"""Drains what is due: claims a batch, decides what it holds, composes it, sends mail by mail.

Killing the process at any moment loses nothing and repeats at most the one mail that it was
sending: what is claimed returns when its lease runs out, and that a mail is being sent is
committed before it leaves.
"""

import logging
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from digest import totals
from digest.choosing.rankings import Rankings
from digest.composing import compiled, digest_mail, quiet_day
from digest.database import statements
from digest.models import Delivery, EditionRevision
from digest.sending import claims, contents, high_water, rate_limit, relay
from digest.sending.contents import STOPS
from digest.sending.transports import NotBuilt, OutgoingMessage, RelayDown, Transport, default_transport
from digest.types import Choice, Claim, Outcome
from papersite.observability import logs

logger = logging.getLogger(__name__)

State = Delivery.State
# So long what was accepted may wait to be settled with what is accepted next.
SETTLE_AFTER = 1.0


@dataclass(slots=True)
class DrainCounts:
    """What one run did, by outcome."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, state: str) -> None:
        self.counts[state] = self.counts.get(state, 0) + 1

    def __str__(self) -> str:
        return " ".join(f"{state}={count}" for state, count in sorted(self.counts.items())) or "nothing due"


class DrainCache:
    """What is read and rendered once for many mails. It is good for some minutes, over several runs."""

    GOOD_FOR = timedelta(minutes=5)

    def __init__(self) -> None:
        self.rankings = Rankings()
        self.seconds_a_mail = 0.0
        """How long one took of late, from its claim to the relay's word."""
        self._renew(None)

    def _renew(self, now: datetime | None) -> None:
        self.cards = digest_mail.Cards()
        self.renderer = compiled.DigestRenderer(self.cards)
        self.notes = quiet_day.NoteRenderer()
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
    ends_at: float = math.inf
    most: Callable[[], int] = lambda: settings.DIGEST_BATCH
    cache: DrainCache = field(default_factory=DrainCache)
    worker: str = field(default_factory=claims.new_worker)
    drained: DrainCounts = field(default_factory=DrainCounts)
    is_first: bool = True

    def claim(self, call_others: Callable[[], None]) -> list[Claim]:
        """A batch; where the first is full there may be more."""
        self.worker = claims.new_worker()
        limit = self._limit()
        batch = claims.claim(self.worker, self.clock(), limit)
        if self.is_first and len(batch) == limit:
            call_others()
        self.is_first = False
        return batch

    def _limit(self) -> int:
        """A batch, or what can leave in the time that is left: more would be made, given back, and made again."""
        most = self.most()
        if not self.cache.seconds_a_mail:
            return most
        left = (self.ends_at - time.monotonic()) / self.cache.seconds_a_mail
        return round(max(1.0, min(left, most)))

    def settle(self, one: Claim, outcome: Outcome) -> None:
        """Ends a delivery that needs no mail."""
        claims.settle(self.worker, self.clock(), one, outcome)
        self.drained.add(outcome.state)


def drain_due(
    clock: Callable[[], datetime] = timezone.now,
    *,
    is_stopping: Callable[[], bool] = lambda: False,
    seconds: float = math.inf,
    cache: DrainCache | None = None,
    most: Callable[[], int] = lambda: settings.DIGEST_BATCH,
    call_others: Callable[[], None] = lambda: None,
) -> DrainCounts:
    """Sends until nothing is due, or for so long. ``is_stopping`` is asked between mails: true ends it in good order.

    ``most`` says how many to claim at once; ``call_others`` is called once where the first batch is full.
    """
    high_water.check(clock())
    ends_at = time.monotonic() + seconds
    run = Run(clock, lambda: is_stopping() or time.monotonic() > ends_at, ends_at, most, cache or DrainCache())
    transport = default_transport()
    try:
        while not run.is_stopping() and relay.is_open(clock()):
            run.cache.expire(clock())
            began = time.monotonic()
            if not (batch := run.claim(call_others)):
                break
            messages = list(prepare(run, batch, as_bytes=transport.takes_bytes))
            if len(messages) < len(batch):
                claims.release_others(run.worker, [message.claim.pk for message in messages])
            begun = _send(run, transport, messages)
            run.cache.seconds_a_mail = (time.monotonic() - began) / max(begun, 1)
            claims.release(run.worker)
    except RelayDown as error:
        until = relay.rest(error.reason, clock())
        claims.release(run.worker, not_before=until)
    finally:
        claims.release(run.worker)
        statements.commit_lastingly()
        transport.close()
    for state in (totals.SENT, totals.EMPTY, totals.FAILED, totals.SKIPPED):
        totals.add(clock().date(), state, run.drained.counts.get(state, 0))
    return run.drained


def _send(run: Run, transport: Transport, messages: list[OutgoingMessage]) -> int:
    """Sends mail by mail; saying that one was accepted and beginning the next is one commit. How many were begun."""
    begun = 0
    settled: tuple[Claim, Outcome] | None = None
    pace = rate_limit.RateLimiter(run.is_stopping)
    accepted = _Accepted(run)
    statements.commit_quickly()
    try:
        for message, following in zip_longest(messages, messages[1:]):
            pace.wait()
            if run.is_stopping():
                break
            state = _advance(run, settled, message.claim)
            settled = None
            accepted.write_when_due()
            if state == claims.HELD:
                break
            if state != State.SENDING:
                run.drained.add(state)
                continue
            message.claim.attempts += 1
            begun += 1
            with logs.about(delivery=message.claim.pk):
                outcome = _hand_over(transport, message, following, run.clock)
            settled = (message.claim, outcome)
            run.drained.add(outcome.state)
            if outcome.state == State.SENT:
                accepted.add(message.claim)
    except RelayDown as error:
        settled = (message.claim, error.outcome or Outcome(State.DUE))
        raise
    finally:
        _advance(run, settled, None)
        accepted.close()
    return begun


def _hand_over(
    transport: Transport, message: OutgoingMessage, following: OutgoingMessage | None, clock: Callable[[], datetime]
) -> Outcome:
    """Sends one mail; whatever nobody thought of fails this one alone, and the next goes by a new session.

    The mail may have left before that, so that its papers count as sent.
    """
    try:
        return transport.send(message, following, clock)
    except (RelayDown, *STOPS):
        raise
    except NotBuilt:
        logger.exception("delivery.not_built delivery=%s", message.claim.pk)
        return Outcome(State.FAILED, "The mail could not be built.")
    except Exception:
        logger.exception("delivery.not_sent delivery=%s", message.claim.pk)
        transport.close()
        return Outcome(State.FAILED, "The mail could not be sent.", is_uncertain=True)


class _Accepted:
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
        _retry_while_away(lambda _: claims.settle_accepted(self.run.worker, self.run.clock(), self.accepted))
        self.count += len(self.accepted)
        self.accepted.clear()
        self.is_urgent = False
        self.written_at = time.monotonic()

    def close(self) -> None:
        self.write()
        relay.count(self.count, self.run.clock())
        if self.count:
            relay.recovered()


def _advance(run: Run, settled: tuple[Claim, Outcome] | None, begun: Claim | None) -> str:
    return _retry_while_away(
        lambda again: claims.advance(run.worker, run.clock(), settled=settled, begun=begun, again=again)
    )


def _retry_while_away[T](step: Callable[[bool], T]) -> T:
    """One step, taken again while the database is away: a mail that was accepted must be settled."""
    again = False
    until = time.monotonic() + settings.DIGEST_LEASE.total_seconds() / 2
    while True:
        try:
            return step(again)
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            if not again:
                logger.warning("database.away")
            time.sleep(0.2)
            close_old_connections()
            again = True


def prepare(run: Run, batch: list[Claim], *, as_bytes: bool) -> Iterator[OutgoingMessage]:
    """Chooses, saves and composes the mails of a batch; what needs none is settled here."""
    closed = claims.ineligible(batch)
    for one in batch:
        if one.pk in closed:
            run.drained.add(claims.skip(run.worker, run.clock(), one))
    batch = [one for one in batch if one.pk not in closed]
    choices, empty = contents.choose_for(run.worker, batch, run.cache.rankings, run.clock())
    for _, outcome in empty:
        run.drained.add(outcome.state)
    _load_cards(run.cache, {choice.paper_id for chosen in choices.values() for choice in chosen}, as_bytes=as_bytes)
    revisions = EditionRevision.objects.in_bulk({one.revision_id for one in batch if one.revision_id})
    for one in batch:
        if not choices[one.pk] and not one.note:
            continue
        try:
            revision = revisions.get(one.revision_id or 0)
            message = _message(run.cache, one, choices[one.pk], revision, as_bytes=as_bytes)
        except STOPS:
            raise
        except Exception:
            # One mail that cannot be made must not keep the others from leaving.
            logger.exception("delivery.not_composed delivery=%s", one.pk)
            run.settle(one, Outcome(State.FAILED, "The mail could not be composed."))
        else:
            yield message


def _load_cards(cache: DrainCache, ids: set[int], *, as_bytes: bool) -> None:
    cache.cards.load(ids)
    if as_bytes:
        try:
            cache.renderer.load(ids)
        except STOPS:
            raise
        except Exception:
            # One card that cannot be made: the mails that hold it will say so, each for itself.
            logger.exception("cards.not_made")


def _message(
    cache: DrainCache, one: Claim, choices: list[Choice], edition: EditionRevision | None, *, as_bytes: bool
) -> OutgoingMessage:
    if one.note:
        raw = cache.notes.mail(one) if as_bytes else None
        return OutgoingMessage(one, raw, None if raw else quiet_day.compose(one))
    raw = cache.renderer.mail(one, choices, edition) if as_bytes else None
    if raw is not None:
        return OutgoingMessage(one, raw)
    return OutgoingMessage(one, None, digest_mail.compose(one, choices, cache.cards, edition))
