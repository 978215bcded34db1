"""BibTeX and BibLaTeX of any program, read entry by entry by bibtexparser.

The file is cut where a line begins an entry, so that a broken one spoils no other, a long one costs no
more than it may, and a file of two gigabytes needs no more memory than one of two megabytes.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.enclosing import RemoveEnclosingMiddleware
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import DuplicateFieldKeyBlock
from bibtexparser.model import Entry as Parsed

from papersite.catalogue.sources import tex
from papersite.catalogue.sources.library import identifiers
from papersite.catalogue.sources.library.dates import day_of, year_of
from papersite.catalogue.sources.library.marks import marks
from papersite.catalogue.sources.library.records import Entry
from papersite.catalogue.sources.records import Rejected
from papersite.catalogue.sources.text import arxiv_id, excerpt, loose_moment

# It says of each broken entry, with all of its text, what is said to the person instead.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

# Characters: the authors of the largest collaborations take a tenth of it.
LONGEST = 500_000
LONGEST_FIELD = 100_000
ENTRIES_AT_ONCE = 200
CHARACTERS_AT_ONCE = 500_000
# Of a file's own abbreviations, each and all together: they stand for names of journals.
LONGEST_ABBREVIATION = 1000
ABBREVIATIONS = 100_000
_BEGINNING = re.compile(r"\s*@\s*(\w+)\s*([{(])")
_KEY = re.compile(r"\s*@\s*(\w+)\s*([{(])\s*([^,={}\"\n]*)(,?)")
_NO_ENTRIES = frozenset({"comment", "preamble"})
_MATHS = re.compile(r"(?<!\\)(\$[^$]*\$)")
_ADDRESSES = ("url", "ee", "link", "pdf", "howpublished", "bdsk-url-1", "bdsk-url-2", "adsurl")
_PLACES = ("journal", "journaltitle", "volume", "number", "pages", "eid", "series", "publisher", "booktitle")
_NOTES = frozenset({"annote", "annotation", "review", "comment"})
_JOURNALS = ("journal", "journaltitle", "booktitle")


class _Block(NamedTuple):
    """The text of one entry, and the number of the line that it begins in."""

    line: int
    kind: str
    text: str


def read(lines: Iterable[str], *, origin: str) -> Iterator[Entry | Rejected]:
    """The entries of a file; of one that cannot be read, where it stands and why."""
    abbreviations, size = "", 0
    waiting: list[_Block] = []
    for block in _blocks(lines):
        if block.kind == "string":
            if len(block.text) < LONGEST_ABBREVIATION and len(abbreviations) < ABBREVIATIONS:
                abbreviations += f"{block.text}\n"
        elif len(block.text) > LONGEST:
            yield Rejected(f"{origin}, line {block.line}", f"it is longer than {LONGEST} characters", block.text[:100])
        elif block.kind not in _NO_ENTRIES:
            waiting.append(block)
            size += len(block.text)
        if len(waiting) >= ENTRIES_AT_ONCE or size > CHARACTERS_AT_ONCE:
            yield from _parsed(waiting, abbreviations, origin)
            waiting, size = [], 0
    yield from _parsed(waiting, abbreviations, origin)


def _blocks(lines: Iterable[str]) -> Iterator[_Block]:
    """What stands between one line that begins an entry and the next; what stands before the first is nobody's."""
    begun, kind, size = 0, "", 0
    held: list[str] = []
    for number, line in enumerate(lines, start=1):
        if beginning := _BEGINNING.match(line):
            if begun:
                yield _Block(begun, kind, "".join(held))
            begun, kind, held, size = number, beginning[1].lower(), [], 0
        # What is too long is known to be so by one character more.
        if begun and size <= LONGEST and line.strip():
            held.append(line[: LONGEST + 1])
            size += len(line)
    if begun:
        yield _Block(begun, kind, "".join(held))


def _parsed(blocks: list[_Block], abbreviations: str, origin: str) -> Iterator[Entry | Rejected]:
    """Two entries of one key are two entries: so each gets its number for a key."""
    if not blocks:
        return
    written = "\n".join(_keyed(block.text, number) for number, block in enumerate(blocks))
    library = parse_string(f"{abbreviations}{written}")
    found = {entry.key: entry for entry in library.entries}
    for failed in library.failed_blocks:
        if isinstance(failed, DuplicateFieldKeyBlock) and isinstance(failed.ignore_error_block, Parsed):
            whole = RemoveEnclosingMiddleware().transform_entry(failed.ignore_error_block, library)
            found[whole.key] = whole
    numbered = {f"k{number}": block for number, block in enumerate(blocks)}
    for key, block in numbered.items():
        place = f"{origin}, line {block.line}"
        if key in found:
            yield _entry(found[key], place)
        else:
            yield Rejected(
                place, "its braces, quotes or commas do not pair", excerpt(" ".join(block.text[:300].split()))
            )
    # Those that share a line with the one before.
    for key in found.keys() - numbered.keys():
        yield _entry(found[key], origin)


def _keyed(written: str, number: int) -> str:
    """The same under another key; what has none gets one."""
    return _KEY.sub(lambda key: f"@{key[1]}{key[2]}k{number},{'' if key[4] else key[3]}", written, count=1)


def _entry(parsed: Parsed, place: str) -> Entry:
    fields: dict[str, str] = {}
    for field in parsed.fields:
        value = str(field.value)[:LONGEST_FIELD].strip()
        if value:
            fields.setdefault(str(field.key).lower(), value)
    authors, has_more = _authors(fields.get("author") or fields.get("editor") or "")
    tags = [*_listed(fields.get("keywords", "")), *_listed(fields.get("mendeley-tags", ""))]
    # One paper may have several.
    notes = [str(field.value)[:LONGEST_FIELD] for field in parsed.fields if str(field.key).lower() in _NOTES]
    own = marks(map(unbraced, notes), tags, status=fields.get("readstatus", ""))
    remark = fields.get("note", "")
    identifier = _identifier(fields)
    on = day_of(fields.get("date", "")) or _day(fields)
    return Entry(
        place=place,
        title=unbraced(fields.get("title", "")),
        authors=authors,
        has_more_authors=has_more,
        year=on.year if on else year_of(fields.get("year", "") or fields.get("date", "")),
        on=on,
        arxiv_id=identifier or identifiers.leading_arxiv_id(remark),
        maybe_arxiv_id=identifiers.arxiv_id_of([remark, fields.get("annote", ""), fields.get("addendum", "")]),
        doi=identifiers.doi_of([fields.get("doi", ""), *(fields.get(name, "") for name in _ADDRESSES)]),
        journal=_journal(fields),
        abstract=unbraced(fields.get("abstract", "")),
        remark="" if identifiers.leading_arxiv_id(remark) else unbraced(remark),
        categories=tuple(fields.get("primaryclass", "").split()) or tuple(fields.get("eprintclass", "").split()),
        keywords=own.keywords,
        note=own.note,
        is_read=own.is_read,
        read_at=own.read_at,
        added_at=loose_moment(fields.get("timestamp") or fields.get("creationdate") or fields.get("date-added")),
    )


def _identifier(fields: dict[str, str]) -> str:
    archive = (fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv").lower()
    eprint = fields.get("eprint", "") if archive == "arxiv" else ""
    made_for_it = (eprint, fields.get("arxivid", ""), fields.get("arxiv", ""))
    return next(filter(None, map(identifiers.bare_arxiv_id, filter(None, made_for_it))), "") or identifiers.arxiv_id_of(
        [fields.get("doi", ""), *(fields.get(name, "") for name in (*_ADDRESSES, *_PLACES))]
    )


def _journal(fields: dict[str, str]) -> str:
    """Where it was published; "" where that is arXiv."""
    name = unbraced(next(filter(None, map(fields.get, _JOURNALS)), ""))
    if not name or re.match(r"(?:corr|arxiv|ar{x}iv)\b", name, re.IGNORECASE):
        return ""
    volume, number = fields.get("volume", ""), fields.get("number", "")
    parts = [name, f"{volume}({number})" if volume and number else volume, fields.get("pages", "").replace("--", "-")]
    return (
        f"{', '.join(filter(None, parts))} ({fields['year']})" if "year" in fields else ", ".join(filter(None, parts))
    )


def _day(fields: dict[str, str]) -> date | None:
    year, month = fields.get("year", ""), fields.get("month", "")
    return day_of(f"{year} {month} {fields.get('day', '1')}") if year and month else None


def _authors(written: str) -> tuple[tuple[str, ...], bool]:
    """Names as they are spoken, and whether the entry says that there are others."""
    try:
        names = split_multiple_persons_names(" ".join(written.split()))
    except ValueError:
        names = re.split(r"\s+and\s+", written)
    spoken = [_spoken(name) for name in names if name.strip().lower() not in ("others", "et al.", "...")]
    return tuple(filter(None, spoken)), len(spoken) < len(names)


def _spoken(name: str) -> str:
    name = name.strip()
    # A name in braces is whole: a group, however many commas it has.
    if name.startswith("{") and name.endswith("}") and not re.search("[{}]", name[1:-1]):
        return unbraced(name)
    try:
        return unbraced(parse_single_name_into_parts(name, strict=False).merge_first_name_first)
    except ValueError:
        return unbraced(name)


def unbraced(text: str) -> str:
    """A text without the braces that only keep capitals, and with Unicode for accents; maths stay as they are."""
    if "{" not in text and "\\" not in text:
        return text
    pieces = _MATHS.split(text)
    return "".join(piece if at % 2 else _bare(piece) for at, piece in enumerate(pieces))


def _bare(piece: str) -> str:
    # The sign of money stays escaped: alone it would begin maths.
    read = r"\$".join(map(_plain, piece.split(r"\$"))) if "\\" in piece else piece
    return read.replace("{", "").replace("}", "")


def _plain(piece: str) -> str:
    """Unicode for TeX, with the white space around it."""
    inner = piece.strip()
    return piece.replace(inner, tex.plain(inner).strip()) if inner else piece


def _listed(written: str) -> list[str]:
    found = [unbraced(word).strip() for word in re.split(r"[;,]", written[:5000])]
    return [word for word in found if word and not arxiv_id(word)]
