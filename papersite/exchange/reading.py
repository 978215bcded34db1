"""Files that staff bring: read into rows, or refused with words that say where and why."""

import codecs
import csv
import io
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

# What a form carries back from its preview has to fit into what Django takes of one.
MAX_BYTES = 1_500_000
MAX_ROWS = 5000
MAX_CELL = 100_000
_PACKED = {
    b"PK\x03\x04": "This is a workbook or another packed file: save it as CSV in UTF-8.",
    b"\x1f\x8b": "This is a packed file: unpack it first.",
    b"%PDF": "This is a PDF.",
}
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARKS = (",", ";", "\t")


class Unreadable(Exception):
    """A file as a whole cannot be read. The message is for the person who brought it."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a file says of one thing: texts from CSV, whatever JSON has from JSON."""

    place: str
    values: dict[str, Any]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    rows: list[Row]
    unread: list[str] = field(default_factory=list)
    """Columns that nobody knows."""


def decoded(raw: bytes) -> str:
    """A file's text. Raises Unreadable where it is too large, packed, or in no encoding that is read."""
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"The file has {len(raw):,} bytes; {MAX_BYTES:,} are taken at once.")
    for start, said in _PACKED.items():
        if raw.startswith(start):
            raise Unreadable(said)
    try:
        text = raw.decode("utf-16" if raw.startswith(_WIDE) else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"Line {line} is not in UTF-8: save the file as CSV in UTF-8.") from error
    if "\0" in text:
        raise Unreadable("This is no text file.")
    if not text.strip():
        raise Unreadable("The file is empty.")
    return text


def read(text: str, *, known: Collection[str], needed: Collection[str]) -> Table:
    """The rows of a CSV with a head, of a JSON list of objects, or of a JSON object a line.

    One of the columns ``needed`` has to be there. Raises Unreadable where the text as a whole makes no sense.
    """
    start = text.lstrip()[:1]
    rows = list(_list(text)) if start == "[" else list(_lines(text)) if start == "{" else list(_csv(text, known))
    if not rows:
        raise Unreadable("The file holds no rows.")
    if len(rows) > MAX_ROWS:
        raise Unreadable(f"The file holds more than {MAX_ROWS:,} rows: bring it in parts.")
    names = list(dict.fromkeys(name for row in rows for name in row.values))
    if names and not set(needed).intersection(names):
        wanted = " or ".join(f"“{name}”" for name in needed)
        raise Unreadable(f"The column {wanted} is missing; the file has {', '.join(names)[:300]}.")
    return Table(list(map(_checked, rows)), [name[:80] for name in names if name not in known])


def _csv(text: str, known: Collection[str]) -> Iterator[Row]:
    first = text.lstrip("\r\n").partition("\n")[0]
    mark = max(_MARKS, key=lambda one: len(set(known).intersection(_named(first.split(one)))))
    # A cell that is too long is said of its row.
    before = csv.field_size_limit(MAX_BYTES)
    rows = csv.reader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=mark, strict=True)
    try:
        names = _named(next(rows))
        if len(set(names)) < len(names):
            raise Unreadable("Two columns have one name.")
        for number, cells in enumerate(rows, start=1):
            if any(cell.strip() for cell in cells):
                yield _row(f"line {rows.line_num}", names, cells)
            if number > MAX_ROWS:
                break
    except csv.Error as error:
        raise Unreadable(f"Line {rows.line_num}: this is no CSV ({error}).") from error
    finally:
        csv.field_size_limit(before)


def _named(cells: list[str]) -> list[str]:
    return [re.sub(r"\W+", "_", cell.strip(' "\r').lower()) for cell in cells]


def _row(place: str, names: list[str], cells: list[str]) -> Row:
    over = [cell for cell in cells[len(names) :] if cell.strip()]
    problem = f"It has {len(cells)} cells, and the head {len(names)}." if over else ""
    return Row(place, {name: _plain(cell) for name, cell in zip(names, cells, strict=False) if name}, problem)


def _plain(cell: str) -> str:
    """Without the quote that keeps a spreadsheet from reckoning with what follows."""
    return re.sub(r"^'(?='*[=+\-@\t\r\n＝＋－＠])", "", cell)


def _list(text: str) -> Iterator[Row]:
    found = _json(text, "This")
    for number, entry in enumerate(found[: MAX_ROWS + 1], start=1):
        yield _object(f"entry {number}", entry)


def _lines(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield _object(f"line {number}", _json(line, f"Line {number}"))


def _json(text: str, what: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deep" if isinstance(error, RecursionError) else str(error)[:100]
        raise Unreadable(f"{what} is not JSON, or cut short ({reason}).") from error


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _object(place: str, entry: Any) -> Row:
    return Row(place, entry) if isinstance(entry, dict) else Row(place, {}, "It is no object.")


def _checked(row: Row) -> Row:
    """The row, with a problem where a value is what no database takes."""
    for name, value in row.values.items():
        try:
            told = json.dumps(value, ensure_ascii=False).encode()
        except (UnicodeEncodeError, RecursionError):
            return Row(row.place, {}, f"Its {name[:80]} holds half a character.")
        if len(told) > MAX_CELL:
            return Row(row.place, {}, f"Its {name[:80]} has more than {MAX_CELL:,} characters.")
        if b"\\u0000" in told:
            return Row(row.place, {}, f"Its {name[:80]} holds a zero byte.")
    return row
