"""What curators do to an edition. Each change makes a revision, in one transaction, or is refused with its reason."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Q

from accounts.models import User
from digest.editions.states import last_slot
from digest.models import Delivery, Edition, EditionRevision, Pick
from papersite.catalogue.models import Paper

# So far ahead editions are written.
AHEAD = timedelta(days=60)


class Stale(Exception):
    """Somebody else has changed the edition since it was looked at; it says what."""

    def __init__(self, since: list[EditionRevision]) -> None:
        self.since = since
        told = "; ".join(f"{one.what or 'changed'} ({_who(one)})" for one in since)
        super().__init__(f"Meanwhile somebody else has changed this edition: {told}. Nothing of yours was saved.")


def _who(revision: EditionRevision) -> str:
    at = f"{revision.made_at:%H:%M} UTC" if revision.made_at else "long ago"
    return f"{at}, revision {revision.number}"


def edition_of(day: date) -> Edition:
    """The day's edition, begun where there is none."""
    return Edition.objects.get_or_create(day=day)[0]


def change(
    edition: Edition,
    step: Callable[[Edition], str],
    *,
    by: User | None,
    now: datetime,
    version: int | None = None,
) -> EditionRevision:
    """Takes one step, which changes the locked row or its picks and says in words what it did.

    ``version`` is the one that whoever asks for it has seen: Stale where there is a newer one. None is for what
    fits whatever others did. ValidationError where the day is over or too far off, or the step refuses.
    """
    check_day(edition.day, now)
    with transaction.atomic():
        held = Edition.objects.select_for_update().get(pk=edition.pk)
        if version is not None and held.version != version:
            raise Stale(list(held.revisions.filter(number__gt=version).order_by("number")))
        what = step(held)
        return freeze(held, what=what, by=by, now=now)


def freeze(edition: Edition, *, what: str, by: User | None, now: datetime) -> EditionRevision:
    """Keeps the edition as it is now. The caller holds its row."""
    edition.version += 1
    edition.save()
    picks = edition.picks.order_by("position", "pk").values_list("paper", "note", "is_for_all")
    return EditionRevision.objects.create(
        edition=edition,
        number=edition.version,
        made_at=now,
        made_by=by,
        what=what[:300],
        state=edition.state,
        intro=edition.intro,
        site_news=edition.site_news,
        picks=[list(row) for row in picks],
        left_out=sorted(edition.left_out.values_list("pk", flat=True)),
    )


def pin(paper: Paper, note: str = "", *, is_for_all: bool = False) -> Callable[[Edition], str]:
    """A step: the paper comes after the other picks."""

    def step(edition: Edition) -> str:
        if paper.is_hidden or paper.is_withdrawn:
            raise ValidationError("It is hidden or withdrawn, so that no mail may hold it.")
        if edition.picks.filter(paper=paper).exists():
            raise ValidationError("It is pinned to this day already.")
        last = edition.picks.aggregate(last=Max("position", default=0))["last"]
        Pick.objects.create(edition=edition, paper=paper, position=last + 1, note=note, is_for_all=is_for_all)
        edition.left_out.remove(paper)
        return f"Picked “{paper.title[:200]}”"

    return step


def unpin(paper: Paper) -> Callable[[Edition], str]:
    def step(edition: Edition) -> str:
        edition.picks.filter(paper=paper).delete()
        return f"No longer picked: “{paper.title[:200]}”"

    return step


def leave_out(paper: Paper) -> Callable[[Edition], str]:
    """A step: no mail of this day holds it; another day's may."""

    def step(edition: Edition) -> str:
        edition.picks.filter(paper=paper).delete()
        edition.left_out.add(paper)
        return f"Not today: “{paper.title[:200]}”"

    return step


def let_in(paper: Paper) -> Callable[[Edition], str]:
    def step(edition: Edition) -> str:
        edition.left_out.remove(paper)
        return f"May come again: “{paper.title[:200]}”"

    return step


def set_state(state: str) -> Callable[[Edition], str]:
    def step(edition: Edition) -> str:
        if edition.state == state:
            raise ValidationError(f"It is {edition.get_state_display()} already.")
        edition.state = state
        return {"approved": "Approved", "held": "Held back", "draft": "Made a draft again"}[state]

    return step


def restore(revision: EditionRevision) -> Callable[[Edition], str]:
    """A step: words, picks and what was left out are again what they were; the state stays."""

    def step(edition: Edition) -> str:
        edition.intro, edition.site_news = revision.intro, revision.site_news
        edition.picks.all().delete()
        there = Paper.objects.in_bulk([paper_id for paper_id, *_ in revision.picks])
        rows = [(place, *row) for place, row in enumerate(revision.picks, 1) if row[0] in there]
        Pick.objects.bulk_create(
            Pick(edition=edition, paper_id=paper_id, position=place, note=note, is_for_all=is_for_all)
            for place, paper_id, note, is_for_all in rows
        )
        edition.left_out.set(Paper.objects.filter(pk__in=revision.left_out))
        return f"Restored revision {revision.number}"

    return step


def differences(old: EditionRevision, new: EditionRevision) -> list[tuple[str, str, str]]:
    """What changed between two revisions: its name, before and after."""
    titles = dict(Paper.objects.filter(pk__in=_papers_of(old) | _papers_of(new)).values_list("pk", "title"))

    def named(papers: Iterable[Any]) -> str:
        return "\n".join(titles.get(one, "a paper that is gone") for one in papers)

    def picks(revision: EditionRevision) -> str:
        lines = [(named([one]), " (for all)" if is_for_all else "", note) for one, note, is_for_all in revision.picks]
        return "\n".join(f"{title}{whom}{': ' if note else ''}{note}" for title, whom, note in lines)

    rows = [
        ("State", old.get_state_display(), new.get_state_display()),
        ("Intro", old.intro, new.intro),
        ("News of the site", old.site_news, new.site_news),
        ("Picks", picks(old), picks(new)),
        ("Not today", named(old.left_out), named(new.left_out)),
    ]
    return [row for row in rows if row[1] != row[2]]


def _papers_of(revision: EditionRevision) -> set[int]:
    return {paper_id for paper_id, *_ in revision.picks} | set(revision.left_out)


def mails(day: date) -> tuple[int, int]:
    """How many of a day's mails have left, and how many there are so far."""
    gone = Count("pk", filter=Q(state=Delivery.State.SENT, reason=""))
    counted = Delivery.objects.filter(day=day).aggregate(gone=gone, mails=Count("pk"))
    return counted["gone"], counted["mails"]


def check_day(day: date, now: datetime) -> None:
    """ValidationError where the day is over or too far off."""
    if now > last_slot(day):
        raise ValidationError("This day is over everywhere: its mails are what they are.")
    if day > now.date() + AHEAD:
        raise ValidationError(f"Editions are written for at most {AHEAD.days} days ahead.")
