"""Rows as CSV and JSON, written piece by piece: a million take no more memory than a hundred."""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

AT_ONCE = 200
# What a spreadsheet takes for a formula, also behind quotes that were written before it.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def as_csv(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """With a mark in front by which spreadsheets know UTF-8."""
    yield codecs.BOM_UTF8 + _written([columns])
    for some in batched(rows, AT_ONCE):
        yield _written([cell(row.get(name)) for name in columns] for row in some)


def as_json(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """A list with a row on each line."""
    start = "["
    for some in batched(rows, AT_ONCE):
        lines = ",\n".join(json.dumps(row, ensure_ascii=False, default=_moment) for row in some)
        yield f"{start}\n{lines}".encode()
        start = ","
    yield b"[]\n" if start == "[" else b"\n]\n"


def cell(value: Any) -> str:
    """A value as one cell; what a spreadsheet would reckon with has a quote before it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat()
        case list() | tuple():
            text = "; ".join(map(str, value))
        case _:
            text = str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def _written(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _moment(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
