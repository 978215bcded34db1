"""Drains what is due: claims a batch, assembles it at once, hands over mail by mail.

Killing the process at any moment loses nothing and repeats at most the one mail in its
hands: what is claimed returns when its lease runs out, and "sending" is committed
before the mail leaves.
"""

import logging
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import anymail.exceptions
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from digest import assembly, composition, delivery, gathering
from digest.delivery import SENT, Outcome
from digest.models import Delivery, DeliveryItem, Edition

logger = logging.getLogger(__name__)

State = Delivery.State
RELAY_PAUSE = timedelta(minutes=5)


class RelayDown(Exception):
    """The mail server itself refuses or is not there: no reader is to pay for it."""


@dataclass(slots=True)
class Drained:
    """What one run did, by outcome."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, state: str) -> None:
        self.counts[state] = self.counts.get(state, 0) + 1

    def __str__(self) -> str:
        return " ".join(f"{state}={count}" for state, count in sorted(self.counts.items())) or "nothing due"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery with its mail, ready to leave."""

    delivery: Delivery
    message: EmailMultiAlternatives


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the drain: the name it claims under, its clock, and what it keeps while it lasts."""

    clock: Callable[[], datetime]
    is_stopping: Callable[[], bool]
    worker: str = field(default_factory=delivery.new_worker)
    cards: composition.Cards = field(default_factory=composition.Cards)
    drained: Drained = field(default_factory=Drained)

    def settle(self, one: Delivery, outcome: Outcome) -> None:
        """Ends a delivery that needs no mail."""
        delivery.settle(self.worker, self.clock(), one, outcome)
        self.drained.add(outcome.state)


def drain(
    clock: Callable[[], datetime] = timezone.now,
    *,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Drained:
    """Sends until nothing is due. ``is_stopping`` is asked between mails: true ends the run in good order."""
    run = Run(clock, is_stopping)
    try:
        while not is_stopping() and (batch := delivery.claim(run.worker, clock(), settings.DIGEST_BATCH)):
            _send(run, list(pack(run, batch)))
    except RelayDown as error:
        given_back = delivery.give_back(run.worker, not_before=clock() + RELAY_PAUSE)
        logger.error("relay.down given_back=%s error=%s", given_back, type(error.__cause__).__name__)
    finally:
        delivery.give_back(run.worker)
    return run.drained


def _send(run: Run, parcels: list[Parcel]) -> None:
    """Hands over mail by mail on one connection; settling one and beginning the next is one commit."""
    settled: tuple[Delivery, Outcome] | None = None
    connection = mailers.default
    try:
        for parcel in parcels:
            if run.is_stopping():
                break
            state = delivery.advance(run.worker, run.clock(), settled=settled, begun=parcel.delivery)
            settled = None
            if state != State.SENDING:
                run.drained.add(state)
                continue
            parcel.delivery.attempts += 1
            outcome = hand_over(connection, parcel, run.clock)
            settled = (parcel.delivery, outcome)
            run.drained.add(outcome.state)
    except RelayDown:
        settled = (parcel.delivery, delivery.retry(parcel.delivery, run.clock(), "it could not be reached"))
        raise
    finally:
        delivery.advance(run.worker, run.clock(), settled=settled)
        _close(connection)


def pack(run: Run, batch: list[Delivery]) -> Iterator[Parcel]:
    """Chooses, saves and composes the mails of a batch; what needs none is settled here."""
    items = choose_items(run, batch)
    run.cards.load(item for group in items.values() for item in group)
    editions = {edition.day: edition for edition in Edition.objects.filter(day__in={one.day for one in batch})}
    for one in batch:
        if not items[one.pk]:
            continue
        try:
            message = composition.compose(one, items[one.pk], run.cards, editions.get(one.day))
        except Exception:
            # One mail that cannot be made must not keep the others from leaving.
            logger.exception("delivery.not_composed delivery=%s", one.pk)
            run.settle(one, Outcome(State.FAILED, "The mail could not be composed."))
        else:
            yield Parcel(one, message)


@transaction.atomic
def choose_items(run: Run, batch: list[Delivery]) -> dict[int, list[DeliveryItem]]:
    """Saves which papers each delivery holds, in order; one that has its papers already keeps them."""
    now = run.clock()
    items = {one.pk: list(one.items.all()) for one in batch}
    fresh = [one for one in batch if not items[one.pk]]
    wanted = gathering.gather(fresh) if fresh else {}
    for one in fresh:
        one.assembled_at = now
        items[one.pk] = _items(one, assembly.choose(wanted[one.pk], now))
        if not items[one.pk]:
            run.settle(one, Outcome(State.EMPTY, assembly.reason_for_nothing(wanted[one.pk], now)))
    DeliveryItem.objects.bulk_create([item for one in fresh for item in items[one.pk]])
    Delivery.objects.bulk_update([one for one in fresh if items[one.pk]], ["assembled_at"])
    return items


def _items(one: Delivery, choices: list[assembly.Choice]) -> list[DeliveryItem]:
    return [
        DeliveryItem(
            delivery=one,
            subscription_id=one.subscription_id,
            paper_id=choice.paper_id,
            position=position,
            reasons=[list(reason) for reason in choice.reasons],
        )
        for position, choice in enumerate(choices)
    ]


def hand_over(connection: BaseEmailBackend, parcel: Parcel, clock: Callable[[], datetime]) -> Outcome:
    """Gives one mail to the mail server or provider, and reads its answer.

    Raises RelayDown where the answer is about the server, not about this mail.
    """
    try:
        connection.send_messages([parcel.message])
    except anymail.exceptions.AnymailError as error:
        return _provider_refusal(parcel.delivery, error, clock())
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        return _refusal(parcel.delivery, code, text, clock())
    except smtplib.SMTPDataError as error:
        return _refusal(parcel.delivery, error.smtp_code, error.smtp_error, clock())
    except OSError as error:  # all of smtplib's own, and the network's
        raise RelayDown from error
    return SENT


def _refusal(one: Delivery, code: int, text: bytes | str, now: datetime) -> Outcome:
    answer = text.decode(errors="replace") if isinstance(text, bytes) else text
    logger.warning("delivery.refused delivery=%s code=%s", one.pk, code)
    if 400 <= code < 500:
        return delivery.retry(one, now, f"{code}")
    return Outcome(State.FAILED, f"The mail server refused it: {code} {' '.join(answer.split())}")


def _provider_refusal(one: Delivery, error: anymail.exceptions.AnymailError, now: datetime) -> Outcome:
    """Reads a provider's HTTP status: their faults pass, a lost key is the operator's, the rest is final."""
    status = error.status_code
    logger.warning("delivery.refused delivery=%s status=%s error=%s", one.pk, status, type(error).__name__)
    if isinstance(error, anymail.exceptions.AnymailRecipientsRefused):
        return Outcome(State.FAILED, "The mail provider refuses this address.")
    if status in (401, 403):
        raise RelayDown from error
    is_passing = isinstance(error, OSError) if status is None else status == 429 or status >= 500
    if is_passing:
        return delivery.retry(one, now, f"status {status}")
    return Outcome(State.FAILED, f"The mail provider cannot take this mail (status {status}).")


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        logger.debug("relay.close_failed")
