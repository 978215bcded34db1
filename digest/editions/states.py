"""Which edition a mail is made from, and which days' mails wait for a curator.

Editions go by themselves, or only once approved: then, where there is a deadline and it passes, the day's mails
go without intro and picks. A day that is held back waits in either case. Whatever waits longer than its hours of
grace is skipped, as after any standstill of the site; its papers come with the reader's next mail. Approval that
comes late sends at once what still waits, and changes nothing about what has gone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Exists, F, Q, QuerySet

from digest.models import Edition, EditionRevision, EditionRules

# In UTC: where it is 14 hours later a day begins on the day before, where it is 12 hours earlier it ends on the next.
FIRST_SLOT = timedelta(hours=-14)
LAST_SLOT = timedelta(hours=36)
# Beyond, nothing can be waiting any more: the hours of grace are over as well.
REACH = timedelta(days=3)
WAITED = "This day's edition was held back by its curators for longer than a mail may wait."


@dataclass(frozen=True, slots=True)
class InForce:
    """What mails are made from now."""

    revisions: Mapping[date, EditionRevision] = field(default_factory=dict)
    picks_a_mail: int = 3

    def number_of(self, day: date) -> int | None:
        found = self.revisions.get(day)
        return found.pk if found else None


def rules() -> EditionRules:
    return EditionRules.objects.filter(pk=1).first() or EditionRules(pk=1)


def first_slot(day: date) -> datetime:
    """When the day begins somewhere on Earth."""
    return datetime.combine(day, time(), UTC) + FIRST_SLOT


def last_slot(day: date) -> datetime:
    """When it is over everywhere."""
    return datetime.combine(day, time(), UTC) + LAST_SLOT


def deadline(day: date, by: EditionRules) -> datetime | None:
    """Until when an edition is to be approved; None where nothing ends the waiting."""
    if not by.needs_approval or by.deadline_hours is None:
        return None
    return first_slot(day) - timedelta(hours=by.deadline_hours)


def newest(days: Collection[date]) -> QuerySet[EditionRevision]:
    """The newest revision of each day's edition, whether it may go or not."""
    found = EditionRevision.objects.filter(edition__day__in=days, number=F("edition__version"))
    return found.select_related("edition")


def on_pages(days: Collection[date]) -> Mapping[date, EditionRevision]:
    """What pages of these days say: the revisions that mails are made from. One query."""
    return {one.edition.day: one for one in shown().filter(edition__day__in=days)}


def shown() -> QuerySet[EditionRevision]:
    """Of all days, the revisions that mails are made from."""
    approval = Exists(EditionRules.objects.filter(needs_approval=True))
    last = EditionRevision.objects.filter(number=F("edition__version")).select_related("edition")
    return last.exclude(Q(state=Edition.State.HELD) | Q(approval, state=Edition.State.DRAFT))


def in_force(days: Collection[date]) -> InForce:
    """What mails of these days are made from at this moment, by whichever worker."""
    return InForce(on_pages(days), rules().picks_a_mail)


def waiting(now: datetime, by: EditionRules | None = None) -> list[date]:
    """The days whose mails must not leave now, by rules that were read already or by those that hold."""
    by, today = by or rules(), now.astimezone(UTC).date()
    states = dict(Edition.objects.filter(day__gte=today - REACH).order_by().values_list("day", "state"))
    held = {day for day, state in states.items() if state == Edition.State.HELD}
    if by.needs_approval:
        near = (today + timedelta(days=ahead) for ahead in range(-REACH.days, 3))
        held |= {day for day in near if states.get(day) != Edition.State.APPROVED and not _is_over(day, by, now)}
    return sorted(held)


def is_waiting(day: date, now: datetime) -> bool:
    return day in waiting(now)


def _is_over(day: date, by: EditionRules, now: datetime) -> bool:
    until = deadline(day, by)
    return until is not None and now >= until
