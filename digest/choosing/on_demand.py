"""A digest at once, for a reader who asks for it: today's, or one more if today's is out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Q

from digest.choosing import assembly, inputs
from digest.editions import states
from digest.models import Delivery, Subscription
from digest.planning import eligibility, planner
from digest.planning.scheduling import local_day
from digest.types import Claim

AGAIN_AFTER = timedelta(hours=1)
WAITS = "Today’s mail is still being looked over."


class Answer(StrEnum):
    COMING = "coming"
    """One is on its way, ordered now or a click before."""
    TOO_SOON = "too soon"
    NOTHING = "nothing"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Asked:
    answer: Answer
    reason: str = ""
    at: datetime | None = None
    """When to ask again; or since when there is nothing new."""


def ask(subscription: Subscription, *, now: datetime, is_limited: bool = True) -> Asked:
    """Opens a delivery that is due now, only where it would hold papers, and for readers once an hour at most."""
    today = local_day(now, subscription.time_zone)
    if reason := eligibility.why_ineligible(subscription, today):
        return Asked(Answer.STOPPED, reason=reason)
    if states.is_waiting(today, now):
        return Asked(Answer.STOPPED, reason=WAITS)
    if subscription.deliveries.filter(day=today, state__in=Delivery.OPEN).exists():
        return Asked(Answer.COMING)
    if is_limited and not _take_turn(subscription, now):
        subscription.refresh_from_db(fields=["asked_at"])
        return Asked(Answer.TOO_SOON, at=(subscription.asked_at or now) + AGAIN_AFTER)
    claim = Claim(-1, today, subscription.pk, now, subscription.reader.email, subscription.cap)
    gathered = inputs.gather_one(claim, now)
    if not assembly.choose(gathered, now):
        # Nothing is opened, so that today's own mail still comes at its hour.
        return Asked(Answer.NOTHING, at=gathered.last_digest_at)
    if not planner.open_today([subscription], now):
        planner.open_extra(subscription, now)
    return Asked(Answer.COMING)


def _take_turn(subscription: Subscription, now: datetime) -> bool:
    """One statement, so that of two clicks at once one has it. A clock that was set back keeps nobody waiting."""
    is_free = Q(asked_at=None) | Q(asked_at__lte=now - AGAIN_AFTER) | Q(asked_at__gt=now)
    return bool(Subscription.objects.filter(is_free, pk=subscription.pk).update(asked_at=now))
