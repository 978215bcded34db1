"""A reader's next digest, as it would be chosen if it left now. Nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from digest.choosing import assembly, distinct, inputs
from digest.editions import states
from digest.models import EditionRevision, Subscription
from digest.planning import eligibility
from digest.planning.scheduling import local_day
from digest.types import Choice, Claim
from papersite.catalogue.models import Paper

FOLLOWS_NOTHING = "You follow nothing yet."


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be in the mail of a day, and when it leaves; where it would be empty, why."""

    day: date
    due_at: datetime | None
    choices: Sequence[tuple[Paper, Choice]] = ()
    edition: EditionRevision | None = None
    why_empty: str = ""
    why_none: str = ""
    """Why no mail goes out at all, whatever is in it."""


def of(subscription: Subscription, now: datetime) -> Preview:
    """As many queries for thirty follows as for one."""
    day = subscription.next_due_on or local_day(now, subscription.time_zone)
    claim = Claim(
        pk=0, day=day, subscription_id=subscription.pk, due_at=subscription.next_due_at or now, cap=subscription.cap
    )
    editions = states.in_force([day])
    gathered = inputs.gather_one(claim, now, editions)
    chosen = distinct.choose_one(gathered, now)
    papers = Paper.objects.filter(pk__in=[one.paper_id for one in chosen]).for_cards().in_bulk()
    nothing = assembly.reason_for_nothing(gathered, now) if gathered.follows else FOLLOWS_NOTHING
    return Preview(
        day,
        subscription.next_due_at,
        [(papers[one.paper_id], one) for one in chosen if one.paper_id in papers],
        editions.revisions.get(day),
        why_empty="" if chosen else nothing,
        why_none=eligibility.why_ineligible(subscription, day),
    )
