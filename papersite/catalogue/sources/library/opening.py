"""A library as somebody sends it: its encoding, its format, or in one line what it is instead."""

import codecs
import io
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from papersite.catalogue.sources import foreign
from papersite.catalogue.sources.library import bibtex, csl, ris, table
from papersite.catalogue.sources.library.records import Entry
from papersite.catalogue.sources.records import Rejected, SourceError

MOST_BYTES = 10_000_000
MOST_ENTRIES = 20_000
# Of the processor. A file as large as it may be takes five.
MOST_SECONDS = 15.0
_HEAD = 65_536
_PIECE = 16_384
_SIGNATURES = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"\x1f\x8b", "a packed file (gzip): unpack it first"),
    (b"7z\xbc\xaf", "a packed file (7z): unpack it first"),
    (b"Rar!", "a packed file (RAR): unpack it first"),
    (b"BZh", "a packed file (bzip2): unpack it first"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database, such as Zotero keeps: export the library from there"),
    (b"bplist", "a property list of a Mac"),
    (b"{\\rtf", "a rich text (RTF)"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
_PACKED = ((b"xl/", "an Excel file: save it as CSV"), (b"word/", "a Word file"), (b"ppt/", "a PowerPoint file"),
           (b"epub", "an e-book"), (b"opendocument.spreadsheet", "a spreadsheet: save it as CSV"),
           (b"opendocument", "an OpenDocument file"))  # fmt: skip
_MARKUP = (
    (re.compile(r"<!doctype html|<html\b|<head\b|<body\b", re.IGNORECASE), "a web page (HTML)"),
    (re.compile(r"<rdf:RDF", re.IGNORECASE), "RDF, as Zotero writes it"),
    (re.compile(r"<modsCollection|<mods\b"), "MODS"),
    (re.compile(r"<xml>\s*<records>|<records>"), "EndNote's XML"),
    (re.compile(r"<svg\b", re.IGNORECASE), "a picture (SVG)"),
)
_INSTEAD = "BibTeX, RIS, CSL JSON and CSV are read"


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its name, how its reader wants the text, and the reader."""

    name: str
    read: Callable[..., Iterator[Entry | Rejected]]
    in_pieces: bool = False


BIBTEX, RIS, CSL, TABLE = (
    Format("BibTeX", bibtex.read), Format("RIS", ris.read), Format("CSL JSON", csl.read, in_pieces=True),
    Format("CSV", table.read),
)  # fmt: skip


class NoLibrary(ValueError):
    """What was brought cannot be taken; the message is one line for who brought it."""


@dataclass(frozen=True, slots=True)
class Library:
    """What a file holds."""

    format_name: str
    remark: str
    entries: list[Entry]
    rejected: list[Rejected]


def opened(raw: bytes) -> Library:
    """All entries of a file. Raises NoLibrary where it is none, or too large."""
    if len(raw) > MOST_BYTES:
        raise NoLibrary(f"This is larger than {MOST_BYTES // 1_000_000} MB: bring it in parts.")
    text, remark = decoded(raw)
    chosen = format_of(text)
    entries: list[Entry] = []
    rejected: list[Rejected] = []
    until = time.thread_time() + MOST_SECONDS
    try:
        for found in chosen.read(_pieces(text) if chosen.in_pieces else _lines(text), origin="The file"):
            if isinstance(found, Rejected):
                rejected.append(found)
            elif found.title.strip() or found.arxiv_id or found.doi:
                entries.append(found)
            else:
                rejected.append(Rejected(found.place, "it has no title"))
            if len(entries) + len(rejected) > MOST_ENTRIES:
                raise NoLibrary(f"This has more than {MOST_ENTRIES:,} entries: bring it in parts.")
            if time.thread_time() > until:
                raise NoLibrary("This takes too long to read: bring it in parts.")
    except SourceError as error:
        raise NoLibrary(f"{error}.") from error
    if not entries:
        why = f" The first: {rejected[0].place}, {rejected[0].reason}." if rejected else ""
        raise NoLibrary(f"There is no entry in this {chosen.name} file that can be read.{why}")
    return Library(chosen.name, remark, entries, rejected)


def decoded(raw: bytes) -> tuple[str, str]:
    """The text, and a remark where its encoding had to be guessed. Raises NoLibrary where it is none."""
    if not raw.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise NoLibrary("This file is empty.")
    if name := _name_of_bytes(raw):
        raise NoLibrary(f"This is {name}; {_INSTEAD}.")
    try:
        if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            return _whole(raw.decode("utf-32")), ""
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return _whole(raw.decode("utf-16")), ""
        # Without a mark at its beginning, every second byte of Western UTF-16 is zero.
        if b"\0" in raw and raw[:2].count(0) == 1 and raw[:2000].count(0) > len(raw[:2000]) // 3:
            return _whole(raw.decode("utf-16-le" if raw[1] == 0 else "utf-16-be")), ""
        if b"\0" in raw:
            return _whole("\0"), ""
    except UnicodeDecodeError:
        raise NoLibrary(f"This text is damaged, or none; {_INSTEAD}.") from None
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return _guessed(raw)


def _guessed(raw: bytes) -> tuple[str, str]:
    """A file put together of others may be of two encodings; then most of its letters decide."""
    text = raw.decode("utf-8-sig", errors="replace")
    broken = text.count("\ufffd")
    if sum(not char.isascii() for char in text) > 4 * broken:
        return text, f"{broken:,} letters of this file are not in UTF-8 and could not be read."
    return raw.decode("cp1252", errors="replace"), "The file is not in UTF-8: it was read as Windows-1252."


def format_of(text: str) -> Format:
    """The format that a text's beginning gives away. Raises NoLibrary, naming it, where it is another."""
    head = text[:_HEAD].lstrip("\ufeff \t\r\n")
    if head.startswith("<"):
        name = next((name for mark, name in _MARKUP if mark.search(head[:5000])), "XML")
        raise NoLibrary(f"This is {name}; {_INSTEAD}.")
    if head.startswith("["):
        return _of_list(head)
    if head.startswith("{"):
        name = foreign.name_of_object(head) or "a JSON object"
        raise NoLibrary(f"This is {name}, and not a list of CSL JSON; {_INSTEAD}.")
    name = foreign.name_of_text(head)
    for chosen in (BIBTEX, RIS):
        if name == chosen.name:
            return chosen
    if name.startswith("a table"):
        return TABLE
    # Some write a remark of many lines in front of the first entry.
    if not name and re.search(r"^\s*@\w+\s*[{(]", head, re.MULTILINE):
        return BIBTEX
    if not name and re.search(r"^TY\s{1,2}-\s", head, re.MULTILINE):
        return RIS
    raise NoLibrary(f"This is {name or 'no library that is known here'}; {_INSTEAD}.")


def _of_list(head: str) -> Format:
    name = foreign.name_of_list(head)
    if name and name != "CSL JSON" and not _is_csl(head):
        raise NoLibrary(f"This is {name}; {_INSTEAD}.")
    return CSL


def _is_csl(head: str) -> bool:
    """By its first item: one of a book has no authors, one of a report no container."""
    return bool(re.match(r"\[\s*(?:\]|\{[^\]]{0,3000}?\"(?:type|DOI|issued|container-title)\"\s*:)", head))


def _name_of_bytes(raw: bytes) -> str:
    head = raw[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    for signature, name in _SIGNATURES:
        if head.startswith(signature) or (signature == b"%PDF" and signature in head[:1024] and b"\0" in raw[:_HEAD]):
            return name
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return next((name for mark, name in _PACKED if mark in raw), "a packed file (ZIP): unpack it first")
    return ""


def _whole(text: str) -> str:
    if "\0" in text:
        raise NoLibrary(f"This is no text file, or a damaged one: it holds NUL bytes; {_INSTEAD}.")
    return text


def _lines(text: str) -> Iterable[str]:
    return io.StringIO(text, newline=None)


def _pieces(text: str) -> Iterable[Any]:
    return (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
