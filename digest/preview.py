"""A reader's next digest, as it would be chosen if it left now. Nothing is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from digest import assembly, gathering, rankings, registration
from digest.assembly import Choice
from digest.delivery import Claim
from digest.models import Edition, Follow, Subscription
from digest.rankings import Rankings
from digest.scheduling import local_day
from papersite.catalogue.models import Paper
from papersite.catalogue.search import finding, language
from papersite.catalogue.search.folder import Unavailable

FOLLOWS_NOTHING = "You follow nothing yet."


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be in the mail of a day, and when it leaves; where it would be empty, why."""

    day: date
    due_at: datetime | None
    choices: Sequence[tuple[Paper, Choice]] = ()
    edition: Edition | None = None
    why_empty: str = ""
    why_none: str = ""
    """Why no mail goes out at all, whatever is in it."""


def of(subscription: Subscription, now: datetime) -> Preview:
    """As many queries for thirty follows as for one."""
    day = subscription.next_due_on or local_day(now, subscription.time_zone)
    claim = Claim(
        pk=0, day=day, subscription_id=subscription.pk, due_at=subscription.next_due_at or now, cap=subscription.cap
    )
    held = Rankings(read_at=now, find=_find)
    followed = subscription.follows.filter(mutes=False).values_list("kind", "topic")
    kinds = list(followed)
    held.load_topics([topic for kind, topic in kinds if kind == Follow.Kind.TOPIC and topic is not None])
    wanted = gathering.gather([claim], held, now)[claim.pk]
    chosen = assembly.choose(wanted, now)
    papers = Paper.objects.filter(pk__in=[one.paper_id for one in chosen]).for_cards().in_bulk()
    nothing = assembly.reason_for_nothing(wanted, now) if kinds else FOLLOWS_NOTHING
    return Preview(
        day,
        subscription.next_due_at,
        [(papers[one.paper_id], one) for one in chosen if one.paper_id in papers],
        Edition.objects.filter(day=day).first(),
        why_empty="" if chosen else nothing,
        why_none=registration.why_unwelcome(subscription, day),
    )


def _find(searches: Iterable[str], paper_ids: Iterable[int]) -> dict[str, set[int]]:
    """Asked of the site's index: a worker puts thousands of papers into one of its own, which pays for many
    readers at once and is too long for one who waits."""
    texts, ids = list(searches), list(paper_ids)
    try:
        found = finding.among([language.parse(text).node for text in texts], ids)
    except Unavailable:
        return rankings.find(texts, ids)
    return dict(zip(texts, found, strict=True))
