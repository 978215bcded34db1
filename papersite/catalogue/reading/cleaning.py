"""Makes a source's record fit for the catalogue, or says why it is not."""

import hashlib
import logging
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from papersite.catalogue.reading.readable import harmless, one_line, read, readable
from papersite.catalogue.search.words import fold
from papersite.catalogue.sources import names
from papersite.catalogue.sources.links import repository_of, web_url
from papersite.catalogue.sources.records import Rejected, SourcePaper
from papersite.catalogue.sources.text import excerpt
from papersite.catalogue.topics import taxonomy

logger = logging.getLogger(__name__)

__all__ = ["clean", "content_key", "name_key", "one_line", "readable"]

MAX_TITLE = 1000
MAX_ABSTRACT = 20_000
# Of a longer comment only the beginning is kept.
MAX_COMMENT = 2000
MAX_AUTHORS = 5000
MAX_NAME = 200
MAX_NAME_READ = 1000
MAX_LINK = 500
# The year before arXiv's first paper: what claims to be older is a mistake of its source.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# Clocks differ, and a listing may be dated by the day that begins in the far east.
AHEAD = timedelta(days=2)
_DOI = re.compile(r"10\.[0-9]{1,9}(?:\.[0-9]+)*/[^\s{}\\\"]+")


def clean(record: SourcePaper, now: datetime) -> SourcePaper | Rejected:
    """The record with Unicode for TeX, normal white space and no dangerous characters, or its rejection.

    A record on which the reading breaks is rejected too: a run goes on without it, today and each day it comes again.
    """
    try:
        return _tidied(record, now)
    except Exception:
        logger.exception("record.unreadable place=%s", record.place)
        return Rejected(record.place, "its words cannot be read; the log says what broke", excerpt(record.title))


def _tidied(record: SourcePaper, now: datetime) -> SourcePaper | Rejected:
    if reason := _reason_against(record, now):
        return Rejected(record.place, reason, excerpt(record.title))
    title, abstract, comment = (
        _kept(source or text)
        for source, text in (
            (record.source_title, record.title),
            (record.source_abstract, record.abstract),
            (record.source_comments, record.comment[: 2 * MAX_COMMENT]),
        )
    )
    read_title, title_html = read(title)
    read_abstract, abstract_html = read(abstract, read_title)
    read_comment = readable(comment, read_title)
    tidy = replace(
        record,
        title=read_title[:MAX_TITLE],
        abstract=read_abstract,
        source_title=title if title != read_title else "",
        source_abstract=abstract if abstract != read_abstract else "",
        source_comments=comment if comment != read_comment else "",
        title_html=title_html,
        abstract_html=abstract_html,
        summary=readable(record.summary),
        summary_by=one_line(record.summary_by)[:80],
        keywords=_unique(one_line(word)[:80] for word in record.keywords)[:20],
        comment=read_comment[:MAX_COMMENT],
        journal_ref=readable(record.journal_ref[:MAX_COMMENT])[:500],
        doi=doi(record.doi),
        organisation=one_line(record.organisation[:MAX_COMMENT])[:120],
        authors=tuple(
            name[:MAX_NAME] for name in names.each(name[:MAX_NAME_READ] for name in map(harmless, record.authors))
        ),
        has_more_authors=record.has_more_authors or any(map(names.has_more, record.authors[-2:])),
        categories=_unique(taxonomy.category(code) for code in record.categories),
        topics=_unique(record.topics),
        project_url=web_url(record.project_url),
        code_url=web_url(record.code_url)
        or repository_of(read_abstract, abstract)
        or repository_of(read_comment, comment),
    )
    if record.is_deleted:
        return tidy if tidy.arxiv_id else Rejected(record.place, "it was deleted and has no arXiv id")
    if not tidy.title:
        return Rejected(record.place, "it has no title", excerpt(record.abstract))
    if not (tidy.abstract or tidy.summary):
        return Rejected(record.place, "it has neither abstract nor summary", excerpt(tidy.title))
    return tidy


def _kept(text: str) -> str:
    """A source's words as they are kept: whole, but for white space and for what is dangerous anywhere."""
    return one_line(text[:MAX_ABSTRACT])


def doi(text: str) -> str:
    """A DOI, without its address and without what no DOI holds; "" where it is none (DOI Handbook, 2.2)."""
    found = _DOI.search(one_line(text[:MAX_COMMENT]))
    return found[0].rstrip(".,;)")[:200] if found else ""


@lru_cache(maxsize=20_000)
def name_key(name: str) -> str:
    """What two spellings of one author's name share: letters without case and accents."""
    return " ".join(re.findall(r"\w+", fold(name)))[:MAX_NAME]


@lru_cache(maxsize=5000)
def content_key(title: str) -> str:
    """Recognises a paper without an identifier: a hash of the title's letters and digits."""
    letters = "".join(re.findall(r"[^\W_]", fold(title))) or one_line(title)
    return hashlib.sha256(letters.encode()).hexdigest()


def _reason_against(record: SourcePaper, now: datetime) -> str:
    return _unprintable(_texts(record)) or _too_large(record) or _impossible_date(record, now)


def _too_large(record: SourcePaper) -> str:
    if len(record.title) > MAX_TITLE:
        return f"its title is longer than {MAX_TITLE} characters"
    if max(len(record.abstract), len(record.summary)) > MAX_ABSTRACT:
        return f"its abstract is longer than {MAX_ABSTRACT} characters"
    if len(record.authors) > MAX_AUTHORS:
        return f"it has more than {MAX_AUTHORS} authors"
    if max(len(record.code_url), len(record.project_url)) > MAX_LINK:
        return f"a link is longer than {MAX_LINK} characters"
    return ""


def _impossible_date(record: SourcePaper, now: datetime) -> str:
    for moment in (record.submitted_at, record.announced_at, *(moment for _, moment in record.versions)):
        if moment is not None and not EARLIEST <= moment <= now + AHEAD:
            return f"its date {moment:%Y-%m-%d} lies outside 1990 and today"
    return ""


def _unprintable(text: str) -> str:
    if "\x00" in text:
        return "it holds a NUL byte"
    try:
        if not text.isascii():
            text.encode()
    except UnicodeEncodeError:
        return "it holds half a character"
    return ""


def _texts(record: SourcePaper) -> str:
    """Every text of a record: none may hold what no database takes."""
    return "".join((
        record.place, record.title, record.source, record.abstract, record.summary, record.summary_by, record.arxiv_id,
        record.comment, record.journal_ref, record.doi, record.organisation, record.code_url, record.project_url,
        *record.keywords, *record.authors, *record.categories, *record.topics,
    ))  # fmt: skip


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item in items if item))
