"""A reader's ledger and schedule: what was mailed, and when mail comes."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from digest.api.reader import subscription_of
from digest.forms.schedule import LONGEST_PAUSE, zone_choices
from digest.ledger import history
from digest.models import MAX_CAP, Delivery, Subscription
from digest.planning import changes
from digest.planning.scheduling import local_day
from papersite import links
from papersite.api.answers import WHOLE, Asked, Cursor, ReaderToken, Shown, answer
from papersite.api.problems import Problem
from papersite.catalogue.api import shapes
from papersite.catalogue.lists import NoSuchPage

router = Router(auth=ReaderToken())

DAYS = 14
MOST_DAYS = 31
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


Clock = Annotated[
    str, Field(pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$", description="On the reader's own clock, such as 07:45.")
]


class Reason(Shown):
    kind: str
    label: str


class Sent(Shown):
    id: str | None = Field(description="The paper's; null where it is no longer here.")
    title: str | None
    url: str | None
    reasons: list[Reason] = Field(description="Why it was in this mail.")


class Mail(Shown):
    day: date = Field(description="In the reader's own zone.")
    state: str
    reason: str = Field(description="Why nothing was sent, where nothing was.")
    subject: str
    settled_at: datetime | None
    papers: list[Sent]


class Ledger(Shown):
    items: list[Mail]
    next: shapes.Next
    cursor: shapes.NextCursor


class Schedule(Shown):
    time_zone: str
    send_at: Clock
    weekdays: list[Weekday]
    cap: int = Field(description="Papers a mail at most.")
    on_quiet_days: Literal["nothing", "note"]
    close_to_saved: Literal["off", "few", "third"] = Field(description="How much comes close to what was saved.")
    paused_until: date | None = Field(description="The first day with mail again.")
    is_active: bool
    next_mail_at: datetime | None


class Change(Asked):
    """What is left out stays as it is."""

    time_zone: str | None = Field(default=None, max_length=64, description="Such as Europe/Berlin.")
    send_at: Clock | None = None
    weekdays: list[Weekday] | None = Field(default=None, min_length=1, max_length=7)
    cap: Annotated[int, Field(ge=1, le=MAX_CAP), WHOLE] | None = None
    on_quiet_days: Literal["nothing", "note"] | None = None
    close_to_saved: Literal["off", "few", "third"] | None = None
    paused_until: date | None = Field(default=None, description="null ends a pause.")


@router.get("/ledger", response=Ledger, tags=["me: mails"], summary="What was mailed to me")
def ledger(
    request: HttpRequest,
    cursor: Cursor | None = None,
    limit: Annotated[int, Field(ge=1, le=MOST_DAYS)] = DAYS,
) -> HttpResponse:
    """Day by day, the newest first, each with its papers and why each was in it."""
    rows = subscription_of(request).deliveries.exclude(state__in=Delivery.OPEN).order_by("-pk")
    if cursor:
        if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
            raise NoSuchPage
        rows = rows.filter(pk__lt=int(cursor))
    found = list(rows[: limit + 1])
    after = str(found[limit - 1].pk) if len(found) > limit else ""
    items = [_mail(one, lines) for one, lines in history.lines_of_each(found[:limit])]
    return answer(Ledger(items=items, next=shapes.next_address(request, after), cursor=after or None))


@router.get("/schedule", response=Schedule, tags=["me: mails"], summary="When mail comes")
def schedule(request: HttpRequest) -> HttpResponse:
    return answer(_schedule(subscription_of(request)))


@router.patch("/schedule", response=Schedule, tags=["me: mails"], summary="Change when mail comes")
def change(request: HttpRequest, wanted: Change) -> HttpResponse:
    """A day that had its mail gets no second one, and none is lost."""
    held, now = subscription_of(request), timezone.now()
    if changed := _changed(held, wanted, now):
        changes.change(held, now=now, **changed)
    return answer(_schedule(held))


def _changed(held: Subscription, wanted: Change, now: datetime) -> dict[str, Any]:
    """The fields of a subscription. Raises Problem."""
    sent = {name: getattr(wanted, name) for name in wanted.model_fields_set}
    changed = {name: value for name, value in sent.items() if value is not None}
    if "weekdays" in changed:
        changed["weekdays"] = sum(1 << WEEKDAYS.index(name) for name in set(changed["weekdays"]))
    if "send_at" in changed:
        changed["send_at"] = time.fromisoformat(changed["send_at"])
    zone = changed.get("time_zone", held.time_zone)
    if zone != held.time_zone and zone not in dict(zone_choices()):
        raise Problem(409, "There is no such time zone: send one such as Europe/Berlin.")
    if "paused_until" in sent:
        changed["paused_until"] = until = sent["paused_until"]
        today = local_day(now, zone)
        if until is not None and not today < until <= today + LONGEST_PAUSE:
            raise Problem(409, "A pause ends on a day after today, in two years at most.")
    return changed


def _schedule(held: Subscription) -> Schedule:
    return Schedule.model_validate(
        {
            "time_zone": held.time_zone,
            "send_at": f"{held.send_at:%H:%M}",
            "weekdays": [name for at, name in enumerate(WEEKDAYS) if held.weekdays >> at & 1],
            "cap": held.cap,
            "on_quiet_days": held.on_quiet_days,
            "close_to_saved": held.close_to_saved,
            "paused_until": held.paused_until,
            "is_active": held.is_active,
            "next_mail_at": held.next_due_at,
        }
    )


def _mail(one: Delivery, lines: list[history.Line]) -> Mail:
    return Mail(
        day=one.day,
        state=one.state,
        reason=one.reason,
        subject=one.subject,
        settled_at=one.settled_at,
        papers=[_sent(line) for line in lines],
    )


def _sent(line: history.Line) -> Sent:
    paper = None if line.paper is None or line.paper.is_hidden else line.paper
    return Sent(
        id=paper.public_id if paper else None,
        title=paper.title if paper else None,
        url=links.absolute(paper.get_absolute_url()) if paper else None,
        reasons=[Reason(kind=kind, label=label) for kind, label in line.entry.reasons],
    )
