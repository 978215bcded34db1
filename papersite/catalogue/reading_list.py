"""A reader's reading list: papers kept, with notes and read marks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.models import User
from papersite.catalogue.models import Paper, PaperQuerySet, SavedPaper, Vote


def with_marks(papers: PaperQuerySet, reader: User) -> PaperQuerySet:
    """With ``is_voted`` and ``is_saved``: what a reader did with each."""
    own: dict[str, Any] = {"paper": OuterRef("pk"), "reader": reader}
    standing = Vote.objects.filter(**own, taken_back_at__isnull=True)
    return papers.annotate(is_voted=Exists(standing), is_saved=Exists(SavedPaper.objects.filter(**own)))


def save(paper: Paper, reader: User, now: datetime) -> SavedPaper:
    """Keeps a paper; one that is kept already stays as it is, with its note."""
    saved, _ = SavedPaper.objects.get_or_create(reader=reader, paper=paper, defaults={"saved_at": now})
    return saved


def remove(paper: Paper, reader: User) -> dict[str, Any] | None:
    """Takes a paper off the list; what it takes to put it back as it was, or None where it was not there."""
    saved = SavedPaper.objects.filter(reader=reader, paper=paper).first()
    if saved is None:
        return None
    saved.delete()
    return {
        "paper": paper.pk,
        "title": paper.title,
        "note": saved.note,
        "saved_at": saved.saved_at.isoformat(),
        "read_at": saved.read_at.isoformat() if saved.read_at else "",
    }


def put_back(removed: dict[str, Any], reader: User) -> None:
    """Undoes a removal, unless the paper is gone or back already."""
    paper = Paper.objects.filter(pk=removed["paper"]).first()
    if paper is None:
        return
    read_at = datetime.fromisoformat(removed["read_at"]) if removed["read_at"] else None
    values = {"note": removed["note"], "saved_at": datetime.fromisoformat(removed["saved_at"]), "read_at": read_at}
    SavedPaper.objects.get_or_create(reader=reader, paper=paper, defaults=values)


def papers_saved_by(reader: User, papers: Iterable[Paper]) -> set[int]:
    saved = SavedPaper.objects.filter(reader=reader, paper__in=list(papers))
    return set(saved.values_list("paper", flat=True))
