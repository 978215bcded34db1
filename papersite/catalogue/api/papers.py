"""Papers one by one and in every list, and the sum behind each place in trending."""

import re
from datetime import date, timedelta
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router
from pydantic import Field

from papersite.api.answers import SIZE, Cursor, Limit, Shown, answer
from papersite.catalogue import lists, rows, trending
from papersite.catalogue.api import shapes
from papersite.catalogue.api.shapes import Code, Month, PaperId, PaperPage, PaperShown, Week
from papersite.catalogue.heat import scoring
from papersite.catalogue.heat.ranking import Ranking
from papersite.catalogue.models import Author, Category, Paper
from papersite.catalogue.models.papers import PaperQuerySet
from papersite.catalogue.search import results

router = Router(tags=["papers"])


class Part(Shown):
    """One term of a paper's sum, in hours."""

    signal: str
    name: str
    count: int | None = Field(description="What the signal stands at; null for age and a curator's boost.")
    hours: float


class Place(Shown):
    place: int
    heat: float = Field(description="The sum of the parts: the higher, the hotter.")
    parts: list[Part]
    paper: PaperShown


class PlacePage(Shown):
    items: list[Place]
    next: shapes.Next
    cursor: shapes.NextCursor


class PaperList(Shown):
    items: list[PaperShown]


@router.get("/papers", response=PaperPage, summary="All papers")
def paper_list(
    request: HttpRequest, sort: Literal["hot", "added"] = "hot", cursor: Cursor | None = None, limit: Limit = SIZE
) -> HttpResponse:
    """The hottest first, or as they were added to the catalogue, the first first. To copy the whole of it, read by
    `added`: no paper moves there while you read, and later you go on with the last `cursor` you had."""
    part = _part(cursor, limit)
    return _page(request, lists.of_arrival(part) if sort == "added" else lists.of_heat(_all(), part))


@router.get("/papers/{any_paper_id:id}/similar", response=PaperList, summary="The papers most like one")
def similar(request: HttpRequest, id: PaperId, limit: Limit = results.SIMILAR) -> HttpResponse:
    """Compared by the words that set it apart, the most alike first."""
    paper = get_object_or_404(Paper.objects.visible().named(id))
    alike = [one.pk for one in results.similar_papers(paper, limit)]
    return answer(PaperList(items=shapes.papers(results.bare(alike))))


@router.get("/papers/{any_paper_id:id}", response=PaperShown, summary="One paper")
def paper_detail(request: HttpRequest, id: PaperId) -> HttpResponse:
    """By arXiv's id, with or without version, or by `p` and its number."""
    paper = get_object_or_404(rows.bare(Paper.objects.visible().named(id)))
    return answer(shapes.paper(paper))


@router.get("/days/{day:day}/papers", response=PaperPage, summary="The papers of a day")
def of_day(request: HttpRequest, day: date, cursor: Cursor | None = None, limit: Limit = SIZE) -> HttpResponse:
    """Those announced on a day in UTC, the hottest first."""
    return _page(
        request,
        lists.of_heat(Paper.objects.visible().announced_on(day), _part(cursor, limit)),
    )


@router.get("/weeks/{week:week}/papers", response=PaperPage, summary="The papers of a week")
def of_week(request: HttpRequest, week: Week, cursor: Cursor | None = None, limit: Limit = SIZE) -> HttpResponse:
    """Of an ISO week such as 2026-W47, by what they earned in it."""
    return _page(request, Ranking(week, week + timedelta(days=7)).page(_part(cursor, limit)))


@router.get("/months/{month:month}/papers", response=PaperPage, summary="The papers of a month")
def of_month(request: HttpRequest, month: Month, cursor: Cursor | None = None, limit: Limit = SIZE) -> HttpResponse:
    """Of a month such as 2026-11, by what they earned in it."""
    after = (month + timedelta(days=31)).replace(day=1)
    return _page(request, Ranking(month, after).page(_part(cursor, limit)))


@router.get("/categories/{category:code}/papers", response=PaperPage, summary="The papers of a category of arXiv")
def of_category(request: HttpRequest, code: Code, cursor: Cursor | None = None, limit: Limit = SIZE) -> HttpResponse:
    category = get_object_or_404(Category, code=code)
    return _page(request, lists.of_category(category, _part(cursor, limit)))


@router.get("/authors/{int:id}/papers", response=PaperPage, summary="The papers of an author")
def of_author(request: HttpRequest, id: int, cursor: Cursor | None = None, limit: Limit = SIZE) -> HttpResponse:
    author = get_object_or_404(Author, pk=id)
    return _page(request, lists.of_author(author, _part(cursor, limit)))


@router.get(
    "/trending", response=PlacePage, tags=["trending"], summary="Trending papers with the sum behind each place"
)
def trending_list(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = SIZE) -> HttpResponse:
    """`heat` is the sum of the `parts`, all in hours: how late it was announced, and weight · log2(1 + signal) for
    each signal. See `/trending/how/`."""
    key, _, before = (cursor or "").partition("~")
    if cursor and not re.fullmatch("[0-9]{1,9}", before):
        raise lists.NoSuchPage
    found = lists.of_heat(_all(), _part(key, limit))
    weights, first = scoring.weights(), int(before or 0) + 1
    places = [
        Place(place=place, heat=paper.heat, parts=_parts(paper, weights), paper=shown)
        for place, (paper, shown) in enumerate(zip(found.papers, shapes.papers(found.papers), strict=True), first)
    ]
    after = f"{found.after}~{first + limit - 1}" if found.after else ""
    return answer(PlacePage(items=places, next=shapes.next_address(request, after), cursor=after or None))


def _all() -> PaperQuerySet:
    return Paper.objects.visible()


def _parts(paper: Paper, weights: dict[str, float]) -> list[Part]:
    signals = trending.parts(scoring.signals_of(paper), weights)
    age = trending.hours(paper.announced_at)
    return [
        Part(signal="announced_at", name="hours at announcement", count=None, hours=age),
        *(Part(signal=one.signal, name=one.name, count=one.count, hours=one.hours) for one in signals),
        Part(signal="boost", name="a curator's boost", count=None, hours=paper.boost),
    ]


def _part(cursor: str | None, limit: int) -> lists.Part:
    return lists.Part(cursor or "", limit, rows.bare)


def _page(request: HttpRequest, found: lists.Page) -> HttpResponse:
    return answer(shapes.page(request, found))
