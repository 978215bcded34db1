"""BibTeX and BibLaTeX of any program, read entry by entry by bibtexparser.

The file is cut where a line begins an entry, so that a broken one spoils no other, a long one costs no
more than it may, and a file of two gigabytes needs little more memory than one of ten megabytes.
"""

import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.enclosing import RemoveEnclosingMiddleware
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import DuplicateFieldKeyBlock
from bibtexparser.model import Entry as Parsed

from papersite.catalogue.sources import tex
from papersite.catalogue.sources.library import identifiers, parents
from papersite.catalogue.sources.library.dates import day_of, year_of
from papersite.catalogue.sources.library.marks import marks, parted
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
_STRING = re.compile(r"\s*@\s*\w+\s*[{(]\s*([^\s=]+)\s*=(.*)[})]", re.DOTALL)
# "Jo\~ao", "Mu\~{n}oz", "\~{\i}".
_TILDE = re.compile(r"\\~ ?(?:\{\\?([A-Za-z])\}|\\?([A-Za-z]))")
# BibLaTeX: "family=Plas, given=Lonneke, prefix=van der".
_PARTS_OF_NAMES = ("family=", "given=", "prefix=", "suffix=")


class _Block(NamedTuple):
    """The text of one entry, and the number of the line that it begins in."""

    line: int
    kind: str
    text: str


def read(lines: Iterable[str], *, origin: str) -> Iterator[Entry | Rejected]:
    """The entries of a file; of one that cannot be read, where it stands and why.

    A volume that others stand in is none of them, unless it has an arXiv id: it is no paper.
    """
    family = parents.Family()
    for one in _written(lines, origin):
        if isinstance(one, Rejected):
            yield one
        else:
            yield from _entries(family.add(one))
    yield from _entries(family.rest())


def _entries(found: Iterable[parents.Whole]) -> Iterator[Entry]:
    for whole in found:
        entry = _entry(whole.own, whole.fields)
        if entry.arxiv_id or not (whole.is_parent and whole.own.kind in parents.VOLUMES):
            yield entry


def _written(lines: Iterable[str], origin: str) -> Iterator[parents.Written | Rejected]:
    abbreviations: dict[str, str] = {}
    size, told = 0, 0
    waiting: list[_Block] = []
    for block in _blocks(lines):
        if block.kind == "string":
            if len(block.text) < LONGEST_ABBREVIATION and told < ABBREVIATIONS and (one := _STRING.match(block.text)):
                abbreviations[one[1].lower()] = _joined(one[2], abbreviations)[:LONGEST_ABBREVIATION]
                told += len(block.text)
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


def _parsed(blocks: list[_Block], abbreviations: dict[str, str], origin: str) -> Iterator[parents.Written | Rejected]:
    """Two entries of one key are two entries: so each gets its number for a key."""
    if not blocks:
        return
    written = "\n".join(_keyed(block.text, number) for number, block in enumerate(blocks))
    library = parse_string(written)
    found = {entry.key: entry for entry in library.entries}
    for failed in library.failed_blocks:
        if isinstance(failed, DuplicateFieldKeyBlock) and isinstance(failed.ignore_error_block, Parsed):
            whole = RemoveEnclosingMiddleware().transform_entry(failed.ignore_error_block, library)
            found[whole.key] = whole
    numbered = {f"k{number}": block for number, block in enumerate(blocks)}
    for key, block in numbered.items():
        place = f"{origin}, line {block.line}"
        if key in found:
            yield _read(found[key], place, _key(block.text), abbreviations)
        else:
            yield Rejected(
                place, "its braces, quotes or commas do not pair", excerpt(" ".join(block.text[:300].split()))
            )
    # Those that share a line with the one before.
    for key in found.keys() - numbered.keys():
        yield _read(found[key], origin, key, abbreviations)


def _keyed(written: str, number: int) -> str:
    """The same under another key; what has none gets one."""
    return _KEY.sub(lambda key: f"@{key[1]}{key[2]}k{number},{'' if key[4] else key[3]}", written, count=1)


def _key(written: str) -> str:
    """As its file has it."""
    found = _KEY.match(written)
    return found[3] if found and found[4] else ""


def _joined(written: str, abbreviations: dict[str, str]) -> str:
    """A value that is put together by # of braces, quotes and abbreviations, whose names have no case."""
    found, size = [], 0
    for piece in _pieces(written):
        is_enclosed = piece[:1] + piece[-1:] in ("{}", '""')
        found.append(piece[1:-1] if is_enclosed else abbreviations.get(piece.lower(), piece))
        size += len(found[-1])
        if size > LONGEST_FIELD:
            break
    return "".join(found)


def _pieces(written: str) -> Iterator[str]:
    """What stands between each # and the next that is in no braces and no quotes."""
    depth, is_quoted, begun = 0, False, 0
    for at, char in enumerate(written):
        depth += (char == "{") - (char == "}")
        if char == '"' and not depth:
            is_quoted = not is_quoted
        elif char == "#" and not depth and not is_quoted:
            yield written[begun:at].strip()
            begun = at + 1
    yield written[begun:].strip()


def _values(parsed: Parsed, abbreviations: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each field with its value. What grows larger together than an entry may be stays as it is written."""
    enclosing, size = parsed.parser_metadata.get("removed_enclosing", {}), 0
    for field in parsed.fields:
        value = str(field.value)[:LONGEST_FIELD].strip()
        if enclosing.get(field.key, "no-enclosing") == "no-enclosing" and size < LONGEST:
            value = _joined(value, abbreviations)[:LONGEST_FIELD].strip()
            size += len(value)
        yield str(field.key).lower(), value


def _read(parsed: Parsed, place: str, key: str, abbreviations: dict[str, str]) -> parents.Written:
    found = parents.Written(place, parsed.entry_type.lower(), key.strip().lower(), {})
    for name, value in _values(parsed, abbreviations):
        if value:
            found.fields.setdefault(name, value)
        if name in _NOTES:
            found.notes.append(unbraced(value))
    return found


def _entry(written: parents.Written, whole: dict[str, str]) -> Entry:
    """``whole`` has what others hand down as well: when and where, and never which paper it is."""
    fields = written.fields
    authors, has_more = _authors(whole.get("author") or fields.get("editor") or "")
    tags = [*_listed(fields.get("keywords", "")), *_listed(fields.get("mendeley-tags", ""))]
    remark, programs = parted(unbraced(fields.get("note", "")))
    own = marks(written.notes, tags, extra=programs, status=_status(fields))
    identifier = _identifier(fields)
    on = day_of(whole.get("date", "")) or _day(whole)
    return Entry(
        place=written.place,
        title=unbraced(fields.get("title", "")),
        authors=authors,
        has_more_authors=has_more,
        year=on.year if on else year_of(whole.get("year", "") or whole.get("date", "")),
        on=on,
        arxiv_id=identifier or identifiers.leading_arxiv_id(remark),
        maybe_arxiv_id=identifiers.arxiv_id_of([remark, fields.get("annote", ""), fields.get("addendum", "")]),
        doi=identifiers.doi_of([fields.get("doi", ""), *(fields.get(name, "") for name in _ADDRESSES)]),
        journal=_journal(whole),
        abstract=unbraced(fields.get("abstract", "")),
        remark="" if identifiers.leading_arxiv_id(remark) else remark,
        categories=tuple(fields.get("primaryclass", "").split()) or tuple(fields.get("eprintclass", "").split()),
        keywords=own.keywords,
        note=own.note,
        is_read=own.is_read,
        read_at=own.read_at,
        added_at=_added_at(fields),
    )


def _status(fields: dict[str, str]) -> str:
    """Whether it was read, as JabRef says it or Papers."""
    return fields.get("readstatus") or ("read" if fields.get("read", "").lower() in ("yes", "true", "1") else "")


def _added_at(fields: dict[str, str]) -> datetime | None:
    written = fields.get("timestamp") or fields.get("creationdate") or fields.get("date-added") or ""
    return loose_moment(re.sub(r"(?<=[0-9])GMT$", "Z", written))


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
    """The month may hold the day as well: jan # "~10", "10~" # jan."""
    year, month = fields.get("year", "").strip("{} "), fields.get("month", "")
    name, number = (re.search(form, month) for form in ("[A-Za-z]{3,}", "[0-9]{1,2}"))
    day = fields.get("day") or (number[0] if name and number else "1")
    return day_of(f"{year} {name[0] if name else month} {day}") if year and month else None


def _authors(written: str) -> tuple[tuple[str, ...], bool]:
    """Names as they are spoken, and whether the entry says that there are others."""
    # To who takes names apart each ~ is a space.
    written = _TILDE.sub(_tilded, " ".join(written.split()))
    try:
        names = split_multiple_persons_names(written)
    except ValueError:
        names = re.split(r"\s+and\s+", written)
    spoken = [_spoken(name) for name in names if name.strip().lower() not in ("others", "et al.", "...")]
    return tuple(filter(None, spoken)), len(spoken) < len(names)


def _tilded(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", f"{found[1] or found[2]}\u0303")


def _spoken(name: str) -> str:
    name = name.strip()
    # A name in braces is whole: a group, however many commas it has.
    if name.startswith("{") and name.endswith("}") and not re.search("[{}]", name[1:-1]):
        return unbraced(name)
    if name.startswith(_PARTS_OF_NAMES):
        parts = dict(part.strip().split("=", 1) for part in name.split(",") if "=" in part)
        return unbraced(" ".join(filter(None, map(parts.get, ("given", "prefix", "family", "suffix")))))
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
