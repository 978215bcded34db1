"""arXiv's Atom and RSS: the answers of the query API and the daily feeds.

An answer of the API dates each paper by its versions. An entry of a daily feed says why it is
there (``announce_type``: new, cross, replace, replace-cross) and when; its text begins with a
line of its own, and its authors are one text.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from papersite.catalogue import calendar
from papersite.catalogue.sources import names
from papersite.catalogue.sources.arxiv.entries import http_date, is_possible, is_withdrawn, within_its_month
from papersite.catalogue.sources.records import ARXIV, Rejected, SourceError, SourcePaper
from papersite.catalogue.sources.text import arxiv_id_and_version, excerpt, moment
from papersite.catalogue.sources.xml import Element, elements, text_of, texts_of

ATOM = "{http://www.w3.org/2005/Atom}"
OURS = "{http://arxiv.org/schemas/atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
_ENTRY, _ITEM = f"{ATOM}entry", "item"
_LEAD = re.compile(r"\s*arXiv:\S+\s+Announce Type:\s*\S+\s*(?:Abstract:\s*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Feed:
    """A daily feed: the midnight it is dated by, and its records."""

    title: str
    built_at: datetime | None
    records: tuple[SourcePaper | Rejected, ...]


def read(stream: IO[bytes], *, origin: str) -> Iterator[SourcePaper | Rejected]:
    """The papers of an answer or feed, one at a time. Raises SourceError where it is neither, or an error."""
    kind = ""
    for number, element in enumerate(elements(stream, _ENTRY, _ITEM, f"{ATOM}feed", "rss", origin=origin), start=1):
        if element.tag in (_ENTRY, _ITEM):
            yield record(element, f"{origin}, entry {number}")
        else:
            kind = str(element.tag)
            _refuse_error(text_of(element, f"{ATOM}title") or text_of(element, "channel/title"), origin)
    if not kind:
        raise SourceError(f"{origin}: neither an Atom nor an RSS feed")


def read_feed(body: bytes, *, origin: str) -> Feed:
    """A daily feed as a whole, with its own date."""
    records = tuple(read(io.BytesIO(body), origin=origin))
    title, built_at = "", None
    tags = (f"{ATOM}title", f"{ATOM}updated", "title", "lastBuildDate", "pubDate")
    for element in elements(io.BytesIO(body), *tags, origin=origin):
        parent = element.getparent()
        if parent is None or parent.tag not in (f"{ATOM}feed", "channel"):
            continue
        value = "".join(map(str, element.itertext())).strip()
        if str(element.tag).endswith("title"):
            title = title or value
        else:
            built_at = built_at or moment(value) or http_date(value)
    return Feed(title, built_at, records)


def record(entry: Element, place: str) -> SourcePaper | Rejected:
    """One paper of an entry. Raises SourceError where the entry is the API's way of reporting an error."""
    name = text_of(entry, f"{ATOM}id") or text_of(entry, "guid") or text_of(entry, "link")
    title = text_of(entry, f"{ATOM}title") or text_of(entry, "title")
    if "/api/errors" in name:
        raise SourceError(f"{place}: arXiv reports: {excerpt(text_of(entry, f'{ATOM}summary') or title, 200)}")
    identifier, version = arxiv_id_and_version(name.rpartition("/abs/")[2].removeprefix("oai:arXiv.org:"))
    if not identifier:
        return Rejected(place, "its id is no arXiv id", excerpt(name))
    kind = text_of(entry, f"{OURS}announce_type") or text_of(entry, f"{ATOM}announce_type")
    abstract = text_of(entry, f"{ATOM}summary") or text_of(entry, "description")
    comment = text_of(entry, f"{OURS}comment")
    is_daily = bool(kind) or entry.tag == _ITEM
    dates = _dates(entry, identifier, version, is_daily=is_daily)
    if dates is None:
        return Rejected(place, "its date is missing or impossible", identifier)
    abstract = _LEAD.sub("", abstract, count=1) if _LEAD.match(abstract) else abstract
    return SourcePaper(
        place=place,
        source=ARXIV,
        title=title,
        abstract=abstract,
        arxiv_id=identifier,
        authors=_authors(entry),
        has_more_authors=any(map(names.has_more, texts_of(entry, f"{DC}creator"))),
        # The daily feeds tell no comment.
        tells_all=not is_daily,
        categories=_categories(entry),
        comment=comment,
        journal_ref=text_of(entry, f"{OURS}journal_ref") or text_of(entry, f"{OURS}journal_reference"),
        doi=text_of(entry, f"{OURS}doi") or text_of(entry, f"{OURS}DOI"),
        is_withdrawn=is_withdrawn(abstract, comment),
        versions=dates.versions,
        submitted_at=dates.submitted_at,
        announced_at=dates.announced_at,
        observed_at=dates.observed_at,
    )


@dataclass(frozen=True, slots=True)
class _Dates:
    versions: tuple[tuple[int, datetime], ...] = ()
    submitted_at: datetime | None = None
    announced_at: datetime | None = None
    observed_at: datetime | None = None


def _dates(entry: Element, identifier: str, version: int | None, *, is_daily: bool) -> _Dates | None:
    """None where a date cannot be."""
    published = moment(text_of(entry, f"{ATOM}published")) or http_date(text_of(entry, "pubDate"))
    updated = moment(text_of(entry, f"{ATOM}updated")) or published
    if published is None or updated is None or not (is_possible(published) and is_possible(updated)):
        return None
    if is_daily:
        announced_at = calendar.evening_before(published)
        return _Dates(announced_at=within_its_month(announced_at, identifier), observed_at=announced_at)
    versions = {1: published} | ({version: updated} if version else {})
    return _Dates(
        versions=tuple(sorted(versions.items())),
        submitted_at=published,
        announced_at=within_its_month(calendar.announced_for(published), identifier),
        observed_at=updated,
    )


def _authors(entry: Element) -> tuple[str, ...]:
    """The API names each author apart; the feeds name all in one text."""
    apart = texts_of(entry, f"{ATOM}author/{ATOM}name")
    together = texts_of(entry, f"{DC}creator")
    if len(apart) > 1:
        return apart
    return tuple(name for text in (together or apart) for name in names.split(text))


def _categories(entry: Element) -> tuple[str, ...]:
    """The codes, the primary one first."""
    primary = entry.find(f"{OURS}primary_category")
    codes = [] if primary is None else [primary.get("term", "")]
    codes += [found.get("term", "") for found in entry.iterfind(f"{ATOM}category")]
    return (*codes, *texts_of(entry, "category"))


def _refuse_error(title: str, origin: str) -> None:
    if "feed error for query" in title.casefold():
        raise SourceError(f"{origin}: arXiv reports: {excerpt(title, 200)}")
