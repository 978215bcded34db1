"""Tables (CSV) of references: Zotero's, this site's own reading list, and what others name much alike."""

import csv
import re
from collections.abc import Iterable, Iterator

from papersite.catalogue.sources import names
from papersite.catalogue.sources.library import identifiers
from papersite.catalogue.sources.library.dates import day_of, year_of
from papersite.catalogue.sources.library.marks import marks
from papersite.catalogue.sources.library.records import Entry
from papersite.catalogue.sources.library.ris import spoken
from papersite.catalogue.sources.records import Rejected, SourceError
from papersite.catalogue.sources.text import loose_moment

# Characters of one cell.
LONGEST_NAMES = 50_000
_TITLE = ("title", "document title", "article title", "item title")
_PEOPLE = ("author full names", "author", "authors", "creators", "creator")
# A database's own number of a person.
_NUMBER = re.compile(r"\s*\([0-9]{4,}\)(?=\s*(?:;|$))")
_YEAR = ("publication year", "year", "date", "published", "announced", "publication date", "py")
_ADDRESSES = ("url", "link", "address", "urls", "pdf", "source url", "link attachments")
_PLACES = ("archive location", "archive", "number", "call number", "publication title", "journal", "arxiv")
_JOURNALS = ("publication title", "journal", "source title", "venue", "booktitle")
_TAGS = ("manual tags", "automatic tags", "tags", "keywords", "author keywords")
_NOTES = ("notes", "note", "annotation", "annotations", "my notes", "comments")
_ADDED = ("date added", "added", "saved_at", "added at", "created")


def read(lines: Iterable[str], *, origin: str) -> Iterator[Entry | Rejected]:
    """The rows of a table. Raises SourceError where it has no column of titles, or cannot be read."""
    lines = iter(lines)
    first = next((line for line in lines if line.strip()), "")
    rows = csv.reader(_after(first, lines), delimiter=max(",;\t", key=first.count))
    try:
        columns = [name.strip(" \ufeff").lower() for name in next(rows, [])]
        if not set(columns) & set(_TITLE):
            raise SourceError(f"{origin}: this table has no column called Title")
        for row in rows:
            if any(cell.strip() for cell in row):
                yield _entry(dict(zip(columns, row, strict=False)), f"{origin}, line {rows.line_num}")
    except csv.Error as error:
        raise SourceError(f"{origin}, line {rows.line_num}: this table cannot be read ({error})") from error


def _after(first: str, lines: Iterable[str]) -> Iterator[str]:
    yield first
    yield from lines


def _entry(row: dict[str, str], place: str) -> Entry:
    extra = row.get("extra", "")
    tags = [tag.strip() for name in _TAGS for tag in re.split(r"[;,]\s", row.get(name, "")) if tag.strip()]
    own = marks([_unquoted(row.get(name, "")) for name in _NOTES], tags, extra, _first(row, ("read status", "status")))
    read_at = loose_moment(row.get("read_at", ""))
    doi, addresses = row.get("doi", ""), [row.get(name, "") for name in _ADDRESSES]
    written = _first(row, _YEAR)
    on = day_of(row.get("date", "") or written)
    journal = _first(row, _JOURNALS)
    return Entry(
        place=place,
        title=_unquoted(_first(row, _TITLE)),
        authors=_authors(_first(row, _PEOPLE)),
        year=year_of(written) or (on.year if on else None),
        on=on,
        arxiv_id=identifiers.bare_arxiv_id(row.get("arxiv_id") or row.get("arxiv id") or "")
        or identifiers.arxiv_id_of([doi, *addresses, *(row.get(name, "") for name in _PLACES)])
        or identifiers.leading_arxiv_id(extra),
        maybe_arxiv_id=identifiers.arxiv_id_of([extra, *(row.get(name, "") for name in _NOTES)]),
        doi=identifiers.doi_of([doi, *addresses]),
        journal="" if "arxiv" in journal.lower() else journal,
        abstract=_first(row, ("abstract note", "abstract")),
        keywords=own.keywords,
        note=own.note,
        is_read=own.is_read or read_at is not None,
        read_at=read_at or own.read_at,
        added_at=loose_moment(_first(row, _ADDED)),
    )


def _first(row: dict[str, str], columns: Iterable[str]) -> str:
    return next((value.strip() for name in columns if (value := row.get(name)) and value.strip()), "")


def _authors(written: str) -> tuple[str, ...]:
    """ "Byron, Ada; Roe, Ann", else one text of all names."""
    written = _NUMBER.sub("", written[:LONGEST_NAMES])
    if ";" in written:
        return tuple(filter(None, (spoken(name) for name in written.split(";"))))
    return names.each([written]) if written.count(",") == 1 and len(written) < 100 else names.split(written)


def _unquoted(cell: str) -> str:
    """Without the sign that keeps a spreadsheet from reckoning with it."""
    return re.sub(r"^'(?=[=+\-@])", "", cell)
