"""What readers wrote into their library themselves: notes, and that they have read a paper."""

import html
import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import nh3

from papersite.catalogue.sources.text import loose_moment

LONGEST_NOTE = 2000
LOOKED_AT = 20_000
_READ = frozenset({"read", "have read", "already read", "read it", "finished", "done reading", "skimmed"})
_UNREAD = frozenset(
    {"unread", "to read", "toread", "to be read", "not read", "new", "reading", "in progress", "read later"}
)
# "Key: value" lines of Zotero's Extra, which programs write there.
_PROGRAMS = re.compile(
    r"(?:[a-z][\w.-]{0,30}(?:[ _][a-z][\w.-]{0,20}){0,2}\s?[:=]\s?\S.*|arxiv:.*|\d{4}\.\d{4,5}(v\d+)?\b.*"
    r"|<[a-z_]+>.*)",
    re.IGNORECASE,
)
_STATUS = re.compile(r"^[ \t]*read[_ ]?status[ \t]*:[ \t]*(\S.*)$", re.IGNORECASE | re.MULTILINE)
_STATUS_DATE = re.compile(r"^[ \t]*read[_ ]?status[_ ]?date[ \t]*:[ \t]*(\S.*)$", re.IGNORECASE | re.MULTILINE)
_BREAK = re.compile(r"<(?:br|/p|/li|/div|/h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
# Remarks of its authors, and what databases count.
_OF_THE_PAPER = re.compile(
    r"^\s*(?:(?:arxiv\s)?comments?\s?:|(?:export date|cited by)\s?:|(?:total )?times cited\b|cited reference count\b)",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[^\w ]+|_")


class Marks(NamedTuple):
    """A reader's own marks on one entry."""

    note: str = ""
    is_read: bool = False
    read_at: datetime | None = None
    keywords: tuple[str, ...] = ()
    """Those tags that say what it is about."""


def marks(notes: Iterable[str], tags: Iterable[str] = (), extra: str = "", status: str = "") -> Marks:
    """``notes`` may be HTML; ``extra`` holds lines of programs among those of the reader; ``status`` says it alone."""
    parts = [parted(note_of(note)) for note in notes]
    written = [own for own, _ in parts if own]
    extra = "\n".join([extra[:LOOKED_AT], *(programs for _, programs in parts)])
    lines = [line.strip() for line in extra.splitlines()]
    if own := note_of("\n".join(line for line in lines if line and not _PROGRAMS.fullmatch(line))):
        written.append(own)
    told = [*_STATUS.findall(extra), status]
    words = list(tags)
    is_read = any(_plain(one) in _READ for one in (*told, *words))
    is_unread = any(_plain(one) in _UNREAD for one in told)
    when = _STATUS_DATE.search(extra)
    note = "\n\n".join(dict.fromkeys(written))
    if len(note) > LONGEST_NOTE:
        note = f"{note[: LONGEST_NOTE - 1]}…"
    has_read = is_read and not is_unread
    read_at = loose_moment(when[1]) if when and has_read else None
    return Marks(note, has_read, read_at, tuple(word for word in words if _plain(word) not in _READ | _UNREAD))


def parted(written: str) -> tuple[str, str]:
    """A text without the lines in which a program says what was read; and those lines."""
    if "read" not in written.lower():
        return written, ""
    lines = written.splitlines()
    programs = [line for line in lines if _STATUS.match(line) or _STATUS_DATE.match(line)]
    return "\n".join(line for line in lines if line not in programs), "\n".join(programs)


def note_of(written: str) -> str:
    """A note as plain text; "" where it is a remark of the paper's authors, which arXiv's comments are."""
    text = written[:LOOKED_AT]
    if "<" in text or "&" in text:
        text = html.unescape(nh3.clean(_BREAK.sub("\n", text), tags=set()))
    lines = [" ".join(line.split()) for line in text.splitlines()]
    text = "\n".join(line for line in lines if line)
    return "" if _OF_THE_PAPER.match(text) else text


def _plain(tag: str) -> str:
    return " ".join(_SIGNS.sub(" ", tag[:100]).lower().split())
