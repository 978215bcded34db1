"""Makes a source's record fit for the catalogue, or says why it is not."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace

from papersite.catalogue import taxonomy
from papersite.catalogue.records import Rejected, SourcePaper
from papersite.catalogue.search.words import fold
from papersite.catalogue.sources.text import excerpt

MAX_TITLE = 1000
MAX_ABSTRACT = 20_000
MAX_AUTHORS = 5000
MAX_NAME = 200
_SPACE = re.compile(r"\s+")
# Controls, and the marks that turn the direction of the text around them.
_DANGEROUS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def clean(record: SourcePaper) -> SourcePaper | Rejected:
    """The record with normal white space and without dangerous characters, or its rejection."""
    if reason := _reason_against(record):
        return Rejected(record.place, reason, excerpt(record.title))
    tidy = replace(
        record,
        title=one_line(record.title),
        abstract=one_line(record.abstract),
        summary=one_line(record.summary),
        summary_by=one_line(record.summary_by)[:80],
        comment=one_line(record.comment)[:2000],
        authors=_unique(one_line(name)[:MAX_NAME] for name in record.authors),
        categories=_unique(taxonomy.category(code) for code in record.categories),
        topics=_unique(record.topics),
    )
    if not tidy.title:
        return Rejected(record.place, "it has no title", excerpt(record.abstract))
    if not (tidy.abstract or tidy.summary):
        return Rejected(record.place, "it has neither abstract nor summary", excerpt(tidy.title))
    return tidy


def one_line(text: str) -> str:
    return _SPACE.sub(" ", _DANGEROUS.sub("", text)).strip()


def name_key(name: str) -> str:
    """What two spellings of one author's name share: letters without case and accents."""
    return " ".join(re.findall(r"\w+", fold(name)))[:MAX_NAME]


def content_key(title: str) -> str:
    """Recognises a paper without an identifier: a hash of the title's letters and digits."""
    letters = "".join(re.findall(r"[^\W_]", fold(title)))
    return hashlib.sha256(letters.encode()).hexdigest()


def _reason_against(record: SourcePaper) -> str:
    everything = (record.title, record.abstract, record.summary, record.comment, *record.authors)
    if any("\x00" in text for text in everything):
        return "it holds a NUL byte"
    if len(record.title) > MAX_TITLE:
        return f"its title is longer than {MAX_TITLE} characters"
    if max(len(record.abstract), len(record.summary)) > MAX_ABSTRACT:
        return f"its abstract is longer than {MAX_ABSTRACT} characters"
    if len(record.authors) > MAX_AUTHORS:
        return f"it has more than {MAX_AUTHORS} authors"
    try:
        "".join(everything).encode()
    except UnicodeEncodeError:
        return "it holds half a character"
    return ""


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item in items if item))
