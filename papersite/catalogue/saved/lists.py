"""Reads of a reading list, in a fixed number of queries, and its CSV."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts import export
from accounts.models import User
from papersite.catalogue.citing import citations
from papersite.catalogue.models import Paper, SavedPaper

SHOWN: dict[str, dict[str, Any]] = {
    "all": {},
    "unread": {"read_at__isnull": True},
    "read": {"read_at__isnull": False},
}
ORDERS = {
    "saved": ("-saved_at", "-pk"),
    "announced": ("-paper__announced_at", "-pk"),
    "title": ("paper__title", "pk"),
}


def listed(reader: User, *, show: str = "all", sort: str = "saved") -> QuerySet[SavedPaper]:
    """The list without hidden papers."""
    found = SavedPaper.objects.filter(reader=reader, paper__is_hidden=False, **SHOWN[show])
    return found.order_by(*ORDERS[sort])


def counts(reader: User) -> dict[str, int]:
    """How many papers each part of the list has."""
    parts = {show: Count("pk", filter=Q(**where)) for show, where in SHOWN.items()}
    return listed(reader).order_by().aggregate(**parts)


def with_papers(saved: Iterable[SavedPaper]) -> list[SavedPaper]:
    """The same, each with its paper as cards show it."""
    rows = list(saved)
    papers = Paper.objects.visible().for_cards().in_bulk([row.paper_id for row in rows])
    # A paper that was hidden a moment ago is no longer among those that were read.
    rows = [row for row in rows if row.paper_id in papers]
    for row in rows:
        row.paper = papers[row.paper_id]
    return rows


def as_csv(saved: Iterable[SavedPaper]) -> str:
    return export.as_csv([_row(one) for one in saved])


def _row(one: SavedPaper) -> export.Row:
    paper = one.paper
    return {
        "title": paper.title,
        "authors": "; ".join(row.author.name for row in paper.authorships.all()),
        "announced": paper.announced_at.date().isoformat(),
        "arxiv_id": paper.arxiv_id,
        "doi": paper.doi,
        "address": citations.address(paper),
        "pdf": paper.pdf_url,
        "code": paper.code_url,
        "note": one.note,
        "saved_at": one.saved_at,
        "read_at": one.read_at,
    }
