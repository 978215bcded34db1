"""A reader's reading list: papers kept, with notes and read marks."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import batched
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from papersite.catalogue.models import Paper, PaperQuerySet, SavedPaper, Vote

AT_ONCE = 500


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


class Wanted(NamedTuple):
    """How a paper is to stand on a list: all of it fills gaps alone."""

    note: str
    read_at: datetime | None
    saved_at: datetime


@transaction.atomic
def save_all(wanted: Mapping[int, Wanted], reader: User) -> int:
    """Keeps papers, by number; how many are new on the list.

    One that is kept already stays as it is, but for a note where it has none, and a mark where it is unread.
    """
    created = 0
    for some in batched(sorted(wanted), AT_ONCE):
        visible = set(Paper.objects.visible().filter(pk__in=some).values_list("pk", flat=True))
        held = SavedPaper.objects.select_for_update().filter(reader=reader, paper__in=visible).order_by("pk")
        known = {row.paper_id: row for row in held}
        rows = [SavedPaper(reader=reader, paper_id=pk, **wanted[pk]._asdict()) for pk in some if pk in visible]
        SavedPaper.objects.bulk_create([row for row in rows if row.paper_id not in known], ignore_conflicts=True)
        created += len(visible) - len(known)
        changed = [row for row in known.values() if _fill(row, wanted[row.paper_id])]
        SavedPaper.objects.bulk_update(changed, ["note", "read_at"])
    return created


def _fill(row: SavedPaper, wanted: Wanted) -> bool:
    """Whether there was a gap to fill."""
    before = (row.note, row.read_at)
    row.note, row.read_at = row.note or wanted.note, row.read_at or wanted.read_at
    return before != (row.note, row.read_at)
