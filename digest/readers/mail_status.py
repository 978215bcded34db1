"""Whether mail comes to a reader, when, and what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from digest import tokens
from digest.bounces import handling
from digest.models import MailEvent, Subscription, Suppression
from digest.planning import planner, scheduling
from digest.planning.scheduling import Slot, local_day

AHEAD = 3


@dataclass(frozen=True, slots=True)
class Stop:
    """Why an address gets no mail, and what its reader can do."""

    since: datetime
    reason: str
    said: str
    """The mail server's own words, where it gave any."""
    takes_words: bool
    """Mail comes again only after an explicit yes."""
    is_for_curator: bool
    again_on: date | None = None
    """Until then it was tried too recently."""


@dataclass(frozen=True, slots=True)
class MailStatus:
    stop: Stop | None
    mails: Sequence[datetime]
    """The next ones, on the reader's own clock."""
    is_paused: bool


def of(subscription: Subscription, *, now: datetime) -> MailStatus:
    today = local_day(now, subscription.time_zone)
    return MailStatus(
        stop=_stop(subscription, now),
        mails=mails_ahead(subscription),
        is_paused=subscription.paused_until is not None and subscription.paused_until > today,
    )


def mails_ahead(subscription: Subscription) -> list[datetime]:
    """The next slots on the reader's own clock, without a zone."""
    if subscription.next_due_on is None or subscription.next_due_at is None:
        return []
    schedule = planner.schedule_of(subscription)
    first = Slot(subscription.next_due_on, subscription.next_due_at)
    ahead = scheduling.slots_ahead(schedule, first=first, count=AHEAD)
    # Naive, since templates would turn it into the site's own zone.
    return [scheduling.clock_of(slot, schedule).replace(tzinfo=None) for slot in ahead]


def _stop(subscription: Subscription, now: datetime) -> Stop | None:
    address_hash = tokens.address_hash(subscription.reader.email)
    held = Suppression.objects.filter(address_hash=address_hash).first()
    if held is None:
        return None
    kind = handling.kind_of(held)
    said = MailEvent.objects.filter(address_hash=address_hash, kind=kind).values_list("said", flat=True).first()
    return Stop(
        since=held.suppressed_at,
        reason=held.reason,
        said=(said or "").strip(),
        takes_words=kind in handling.UNWANTED,
        is_for_curator=kind is None,
        again_on=_again_on(address_hash, subscription.time_zone, now) if kind in handling.BOUNCED else None,
    )


def _again_on(address_hash: str, time_zone: str, now: datetime) -> date | None:
    lifted_at = handling.last_lifted(address_hash)
    if lifted_at is None or lifted_at + handling.LIFT_AGAIN_AFTER <= now:
        return None
    return local_day(lifted_at + handling.LIFT_AGAIN_AFTER, time_zone)
