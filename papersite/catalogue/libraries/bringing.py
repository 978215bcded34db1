"""A reader's library on its way in: read, recognised, shown, and kept only when they say so.

Between two requests it waits in a row of their own, a day at most. What comes back from the page is which
file is meant, and nothing of what it holds.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from papersite.catalogue import reading_list
from papersite.catalogue.libraries import offering, recognising
from papersite.catalogue.models import BroughtLibrary, Paper
from papersite.catalogue.reading import cleaning
from papersite.catalogue.search.words import words
from papersite.catalogue.sources.library import opening
from papersite.catalogue.sources.library.records import Entry
from papersite.catalogue.sources.text import excerpt

WAITS = timedelta(days=1)
LONGEST_TITLE = 250
# Of what could not be read the first are kept.
MOST_REJECTED = 500
EARLIEST = cleaning.EARLIEST


def bring(raw: bytes, name: str, reader: User, now: datetime) -> BroughtLibrary:
    """Reads a file and remembers what it holds, in the place of what the reader brought before.

    Raises NoLibrary, with one line for the reader, and leaves what was there.
    """
    library = opening.opened(raw)
    numbers = recognising.recognise(library.entries)
    found: dict[int, list[Any]] = {}
    missing: dict[str, None] = {}
    for entry, pk in zip(library.entries, numbers, strict=True):
        if pk is None:
            missing.setdefault(_line(entry))
        else:
            # An entry that stands there twice may have its note in either.
            _merge(found.setdefault(pk, [pk, "", False, "", ""]), entry, now)
    _without_comments(found)
    values = {
        "name": excerpt(cleaning.one_line(_without_nul(name)), 200),
        "format_name": library.format_name,
        "remark": library.remark[:200],
        "found": list(found.values()),
        "missing": list(missing),
        "rejected": [[one.place[:100], one.reason[:200]] for one in library.rejected[:MOST_REJECTED]],
        "offers": offering.offers(library.entries, found),
        "brought_at": now,
    }
    with transaction.atomic():
        BroughtLibrary.objects.filter(reader=reader).delete()
        return BroughtLibrary.objects.create(reader=reader, **values)


def waiting(reader: User, now: datetime) -> BroughtLibrary | None:
    """What the reader brought last, while it is remembered."""
    return BroughtLibrary.objects.filter(reader=reader, brought_at__gt=now - WAITS).first()


def keep(reader: User, key: UUID, now: datetime) -> BroughtLibrary | None:
    """Puts what was found on the reading list; None where another file was brought since, or none is remembered.

    Twice is the same as once.
    """
    with transaction.atomic():
        rows = BroughtLibrary.objects.select_for_update().filter(reader=reader, key=key)
        brought = rows.filter(brought_at__gt=now - WAITS).first()
        if brought is not None and brought.kept_at is None:
            brought.kept = reading_list.save_all({one[0]: _wanted(one, now) for one in brought.found}, reader)
            brought.kept_at = now
            brought.save(update_fields=["kept", "kept_at"])
    return brought


def forget(reader: User) -> None:
    BroughtLibrary.objects.filter(reader=reader).delete()


def forget_old(now: datetime) -> int:
    """Forgets what nobody came back for; how many."""
    return BroughtLibrary.objects.filter(brought_at__lte=now - WAITS).delete()[0]


def _merge(row: list[Any], entry: Entry, now: datetime) -> None:
    row[1] = row[1] or _without_nul(entry.note)
    row[2] = row[2] or entry.is_read
    row[3] = row[3] or _plausible(entry.read_at, now)
    row[4] = row[4] or _plausible(entry.added_at, now)


def _plausible(moment: datetime | None, now: datetime) -> str:
    return moment.isoformat() if moment and EARLIEST <= moment <= now else ""


def _wanted(row: Sequence[Any], now: datetime) -> reading_list.Wanted:
    _, note, is_read, read_at, added_at = row
    read = datetime.fromisoformat(read_at) if read_at else now
    return reading_list.Wanted(note, read if is_read else None, datetime.fromisoformat(added_at) if added_at else now)


def _without_comments(found: dict[int, list[Any]]) -> None:
    """Programs write the authors' own comment where a reader's notes stand; here it stands with the paper."""
    noted = [pk for pk, row in found.items() if row[1]]
    for at in range(0, len(noted), recognising.AT_ONCE):
        papers = Paper.objects.filter(pk__in=noted[at : at + recognising.AT_ONCE])
        for pk, comment in papers.order_by().values_list("pk", "comment"):
            if comment and words(comment) == words(found[pk][1]):
                found[pk][1] = ""


def _line(entry: Entry) -> str:
    """An entry for people: its title, who wrote it, the year, and what it is known by."""
    title = cleaning.readable(entry.title[:LONGEST_TITLE]) or "Without a title"
    names = [cleaning.readable(name[:100]) for name in entry.authors[:3]]
    by = ", ".join(names) + (" et al." if len(entry.authors) > 3 or entry.has_more_authors else "")
    known_by = f"arXiv:{entry.arxiv_id}" if entry.arxiv_id else entry.doi[:100]
    told = [title, by, str(entry.year or ""), _without_nul(known_by)]
    return " · ".join(filter(None, told))


def _without_nul(text: str) -> str:
    return text.replace("\x00", "")
