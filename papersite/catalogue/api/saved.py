"""A reader's reading list, for their own programs."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import Field, StrictBool

from papersite.api.answers import SIZE, Asked, Cursor, Limit, ReaderToken, Shown, Text, answer, reader_of
from papersite.catalogue import lists, reading_list
from papersite.catalogue.api import shapes
from papersite.catalogue.api.shapes import PaperId, PaperShown
from papersite.catalogue.models import Paper, SavedPaper
from papersite.catalogue.saved.lists import listed
from papersite.catalogue.search import results

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

router = Router(tags=["me: saved papers"], auth=ReaderToken())


class Saved(Shown):
    paper: PaperShown
    note: str
    saved_at: datetime
    read_at: datetime | None


class SavedPage(Shown):
    items: list[Saved]
    next: shapes.Next
    cursor: shapes.NextCursor


class Keep(Asked):
    """What is left out stays as it is."""

    note: Annotated[Text, Field(max_length=2000)] | None = None
    read: StrictBool | None = Field(default=None, description="Whether it is read.")


@router.get("/saved", response=SavedPage, summary="My reading list")
def saved_list(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = SIZE) -> HttpResponse:
    """The papers saved last come first."""
    rows = listed(reader_of(request))
    if cursor:
        at, pk = _place(cursor)
        rows = rows.filter(Q(saved_at__lt=at) | Q(saved_at=at, pk__lt=pk))
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    after = _key(last) if last else ""
    items = _shown(found[:limit])
    return answer(SavedPage(items=items, next=shapes.next_address(request, after), cursor=after or None))


@router.put("/saved/{any_paper_id:id}", response=Saved, summary="Save a paper")
def save(request: HttpRequest, id: PaperId, keep: Keep) -> HttpResponse:
    """Keeps a paper, with a note and a read mark if they are sent; the same again changes nothing."""
    paper, now = _paper(id), timezone.now()
    row = reading_list.save(paper, reader_of(request), now)
    changed: dict[str, Any] = {}
    if keep.note is not None:
        changed["note"] = keep.note
    if keep.read is not None:
        changed["read_at"] = (row.read_at or now) if keep.read else None
    if changed:
        SavedPaper.objects.filter(pk=row.pk).update(**changed)
    row.refresh_from_db()
    return answer(_shown([row])[0])


@router.delete("/saved/{any_paper_id:id}", response={204: None}, summary="Take a paper off the list")
def remove(request: HttpRequest, id: PaperId) -> HttpResponse:
    reading_list.remove(_paper(id), reader_of(request))
    return HttpResponse(status=204)


def _shown(rows: Sequence[SavedPaper]) -> list[Saved]:
    papers = {one.pk: one for one in results.bare([row.paper_id for row in rows])}
    kept = [row for row in rows if row.paper_id in papers]
    told = shapes.papers([papers[row.paper_id] for row in kept])
    return [
        Saved(paper=paper, note=row.note, saved_at=row.saved_at, read_at=row.read_at)
        for row, paper in zip(kept, told, strict=True)
    ]


def _key(row: SavedPaper) -> str:
    return f"{(row.saved_at - EPOCH) // timedelta(microseconds=1)}_{row.pk}"


def _place(cursor: str) -> tuple[datetime, int]:
    """Raises NoSuchPage where it is no key of this list."""
    found = re.fullmatch(r"([0-9]{1,17})_([0-9]{1,18})", cursor)
    if found is None:
        raise lists.NoSuchPage
    return EPOCH + timedelta(microseconds=int(found[1])), int(found[2])


def _paper(id: str) -> Paper:
    return get_object_or_404(Paper.objects.visible().named(id))
