"""Makes a source's record fit for the catalogue, or says why it is not."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from papersite.catalogue import taxonomy
from papersite.catalogue.search.words import fold
from papersite.catalogue.sources import tex
from papersite.catalogue.sources.records import Rejected, SourcePaper
from papersite.catalogue.sources.text import excerpt, repository_url

MAX_TITLE = 1000
MAX_ABSTRACT = 20_000
MAX_AUTHORS = 5000
MAX_NAME = 200
MAX_LINK = 500
# The year before arXiv's first paper: what claims to be older is a mistake of its source.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# Clocks differ, and a listing may be dated by the day that begins in the far east.
AHEAD = timedelta(days=2)
# Controls that part no words, and the marks that turn the direction of the text around them.
_DANGEROUS = re.compile("[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def clean(record: SourcePaper, now: datetime) -> SourcePaper | Rejected:
    """The record with Unicode for TeX, normal white space and no dangerous characters, or its rejection."""
    if reason := _reason_against(record, now):
        return Rejected(record.place, reason, excerpt(record.title))
    tidy = replace(
        record,
        title=readable(record.title),
        abstract=readable(record.abstract),
        summary=readable(record.summary),
        summary_by=one_line(record.summary_by)[:80],
        keywords=_unique(one_line(word)[:80] for word in record.keywords)[:20],
        comment=readable(record.comment)[:2000],
        journal_ref=readable(record.journal_ref)[:500],
        doi=one_line(record.doi)[:200],
        organisation=one_line(record.organisation)[:120],
        authors=_unique(readable(name)[:MAX_NAME] for name in record.authors),
        categories=_unique(taxonomy.category(code) for code in record.categories),
        topics=_unique(record.topics),
        code_url=record.code_url or repository_url(record.abstract) or repository_url(record.comment),
    )
    if record.is_deleted:
        return tidy if tidy.arxiv_id else Rejected(record.place, "it was deleted and has no arXiv id")
    if not tidy.title:
        return Rejected(record.place, "it has no title", excerpt(record.abstract))
    if not (tidy.abstract or tidy.summary):
        return Rejected(record.place, "it has neither abstract nor summary", excerpt(tidy.title))
    return tidy


def one_line(text: str) -> str:
    return " ".join(_harmless(text).split())


def readable(text: str) -> str:
    """One line with TeX accents and simple maths as Unicode."""
    # Once a control between them is gone, two letters may be a command of TeX.
    return one_line(tex.plain(_harmless(text)))


def _harmless(text: str) -> str:
    # Printable text holds no controls and no marks of direction: most of it needs no closer look.
    return text if text.isprintable() else _DANGEROUS.sub("", text)


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
    return _unprintable("".join(_texts(record))) or _too_large(record) or _impossible_date(record, now)


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
        text.encode()
    except UnicodeEncodeError:
        return "it holds half a character"
    return ""


def _texts(record: SourcePaper) -> Iterator[str]:
    """Every text of a record: none may hold what no database takes."""
    yield from (record.place, record.title, record.source, record.abstract, record.summary, record.summary_by)
    yield from (record.arxiv_id, record.comment, record.journal_ref, record.doi, record.organisation)
    yield from (record.code_url, record.project_url)
    yield from (*record.keywords, *record.authors, *record.categories, *record.topics)


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item in items if item))
