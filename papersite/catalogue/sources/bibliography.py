"""The ``bibtex`` and ``ris`` formats: what a reference manager knows of papers, as records for the catalogue.

Nobody says there when a paper was announced. It is as old as its arXiv id, or as the day or year that is
named: never of today. What the catalogue knows already outranks it.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from functools import partial

from papersite.catalogue.sources.library import bibtex, ris
from papersite.catalogue.sources.library.records import Entry
from papersite.catalogue.sources.records import Rejected, SourcePaper
from papersite.catalogue.sources.text import month_of

# The year before arXiv's first paper: older ones are told by their year alone, and are as old as that.
EARLIEST = 1990


def read_bibtex(lines: Iterable[str], *, origin: str) -> Iterator[SourcePaper | Rejected]:
    """The records of a file of BibTeX."""
    return map(partial(_record, source="bibtex"), bibtex.read(lines, origin=origin))


def read_ris(lines: Iterable[str], *, origin: str) -> Iterator[SourcePaper | Rejected]:
    """The records of a file of RIS."""
    return map(partial(_record, source="ris"), ris.read(lines, origin=origin))


def _record(entry: Entry | Rejected, source: str) -> SourcePaper | Rejected:
    if isinstance(entry, Rejected):
        return entry
    moment = _moment(entry)
    return SourcePaper(
        place=entry.place,
        source=source,
        title=entry.title,
        abstract=entry.abstract,
        arxiv_id=entry.arxiv_id,
        authors=entry.authors,
        has_more_authors=entry.has_more_authors,
        categories=entry.categories,
        comment=entry.remark,
        journal_ref=entry.journal,
        doi=entry.doi,
        announced_at=moment,
        observed_at=moment,
    )


def _moment(entry: Entry) -> datetime | None:
    """None where the file names no day that has been."""
    if entry.arxiv_id:
        return _midnight(month_of(entry.arxiv_id))
    today = datetime.now(UTC).date()
    days = [entry.on, date(entry.year, 1, 1) if entry.year else None]
    return next((_midnight(day) for day in days if day and date(EARLIEST, 1, 1) <= day <= today), None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
