"""What a reader was sent in a month, as bytes: which paper came in which digest, in which place, and why.

Columns instead of rows, each as the differences from one entry to the next, their bytes sorted by
significance: what a month repeats, and that is nearly all of it, compresses to nearly nothing.
"""

import json
import struct
import zlib
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

VERSION = b"\x02"
# How many columns each version has: the first knew nothing of what did not fit.
_COLUMNS = {b"\x01": 5, VERSION: 6}
_HEAD = struct.Struct("<II")  # how many entries, and how long their texts are
_WIDTH = 8
_PAPER = 0  # the first column


class Unreadable(Exception):
    """These bytes are of no version that this codec writes."""


class Entry(NamedTuple):
    """A paper that was sent: the same whether it still has a row of its own or not."""

    delivery_id: int
    day: date
    position: int
    paper_id: int
    reasons: list[Any]
    """Pairs of a kind of follow and its label."""
    remainders: str | None = None
    """With a mail's first paper: what did not fit, as ``remainders`` writes it."""


def encode(entries: Iterable[Entry]) -> bytes:
    """The bytes of these entries, whatever order they come in."""
    rows = sorted(entries, key=lambda entry: (entry.delivery_id, entry.position))
    reasons = [_text(entry.reasons) for entry in rows]
    left = ["null" if entry.remainders is None else _text(entry.remainders) for entry in rows]
    numbers = {text: number for number, text in enumerate(dict.fromkeys([*reasons, *left]))}
    texts = f"[{','.join(numbers)}]".encode()
    columns = (
        [entry.paper_id for entry in rows],
        [entry.delivery_id for entry in rows],
        [entry.day.toordinal() for entry in rows],
        [entry.position for entry in rows],
        [numbers[text] for text in reasons],
        [numbers[text] for text in left],
    )
    body = b"".join([_HEAD.pack(len(rows), len(texts)), *map(_encoded, columns), texts])
    return VERSION + zlib.compress(body, 9)


def decode(packed: bytes | memoryview) -> list[Entry]:
    """The entries, by delivery and position; raises ``Unreadable``."""
    count, size, body, width = _opened(packed)
    papers, deliveries, days, positions, reasons, *left = (_column(body, count, place) for place in range(width))
    texts = json.loads(body[len(body) - size :])
    return [
        Entry(delivery, date.fromordinal(day), position, paper, texts[reason], None if rest is None else texts[rest])
        for delivery, day, position, paper, reason, rest in zip(
            deliveries, days, positions, papers, reasons, left[0] if left else [None] * count, strict=True
        )
    ]


def decode_papers(packed: bytes | memoryview) -> Sequence[int]:
    """The papers alone, for those who read many months; raises ``Unreadable``."""
    count, _, body, _ = _opened(packed)
    return _column(body, count, _PAPER)


def _opened(held: bytes | memoryview) -> tuple[int, int, bytes, int]:
    """How many entries, how long their texts are, the bytes of both, and how many columns there are."""
    packed = bytes(held)
    version = packed[:1]
    if version not in _COLUMNS:
        raise Unreadable
    try:
        body = zlib.decompress(packed[1:])
    except zlib.error as error:
        raise Unreadable from error
    return *_HEAD.unpack_from(body), body, _COLUMNS[version]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _encoded(values: Sequence[int]) -> bytes:
    differences = [after - before for before, after in pairwise([0, *values])]
    raw = struct.pack(f"<{len(values)}q", *differences)
    return b"".join(raw[place::_WIDTH] for place in range(_WIDTH))


def _column(body: bytes, count: int, number: int) -> list[int]:
    start = _HEAD.size + number * count * _WIDTH
    raw = bytearray(count * _WIDTH)
    for place in range(_WIDTH):
        raw[place::_WIDTH] = body[start + place * count : start + (place + 1) * count]
    return list(accumulate(struct.unpack(f"<{count}q", raw)))
