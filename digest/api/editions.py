"""The days' editions: what curators say and pick, as far as it may be shown."""

from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field

from digest.editions import states
from digest.models import EditionRevision
from papersite import links, markdown
from papersite.api.answers import Cursor, Limit, Shown, answer
from papersite.api.problems import Problem
from papersite.catalogue.api import shapes
from papersite.catalogue.api.shapes import PaperShown
from papersite.catalogue.lists import NoSuchPage
from papersite.catalogue.search import results

router = Router(tags=["editions"])

SIZE = 10


class PickShown(Shown):
    note: str = Field(description="HTML, in one line.")
    paper: PaperShown


class EditionShown(Shown):
    day: date
    url: str
    intro: str = Field(description="HTML.")
    picks: list[PickShown] = Field(description="In the order in which they come first in that day's mails.")


class EditionPage(Shown):
    items: list[EditionShown]
    next: shapes.Next
    cursor: shapes.NextCursor


@router.get("/editions", response=EditionPage, summary="What curators say and pick, day by day")
def edition_list(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = SIZE) -> HttpResponse:
    """The newest day first; days without an edition are left out."""
    days = _shown()
    if cursor:
        days = days.filter(edition__day__lt=_day(cursor))
    found = list(days.order_by("-edition__day")[: limit + 1])
    after = f"{found[limit - 1].edition.day}" if len(found) > limit else ""
    items = _editions(found[:limit])
    return answer(EditionPage(items=items, next=shapes.next_address(request, after), cursor=after or None))


@router.get("/editions/{day:day}", response=EditionShown, summary="The edition of a day")
def edition_detail(request: HttpRequest, day: date) -> HttpResponse:
    found = _shown().filter(edition__day=day).first()
    if found is None:
        raise Problem(404, "This day has no edition.")
    return answer(_editions([found])[0])


def _shown() -> QuerySet[EditionRevision]:
    """What is prepared for days to come is nobody's business yet."""
    return states.shown().filter(edition__day__lte=timezone.now().date())


def _editions(revisions: list[EditionRevision]) -> list[EditionShown]:
    """With their picks, all papers read at once; those hidden since are left out."""
    wanted = list({pk for one in revisions for pk, _, _ in one.picks})
    papers = results.bare(wanted)
    shown = {paper.pk: told for paper, told in zip(papers, shapes.papers(papers), strict=True)}
    return [
        EditionShown(
            day=one.edition.day,
            url=links.absolute(one.edition.get_absolute_url()),
            intro=markdown.html_of(one.intro),
            picks=[
                PickShown(note=markdown.html_of_line(note), paper=shown[pk]) for pk, note, _ in one.picks if pk in shown
            ],
        )
        for one in revisions
    ]


def _day(cursor: str) -> date:
    try:
        return date.fromisoformat(cursor)
    except ValueError:
        raise NoSuchPage from None
