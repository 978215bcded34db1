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

VERSION = b"\x01"
_HEAD = struct.Struct("<II")  # how many entries, and how long their reasons are
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


def encode(entries: Iterable[Entry]) -> bytes:
    """The bytes of these entries, whatever order they come in."""
    rows = sorted(entries, key=lambda entry: (entry.delivery_id, entry.position))
    texts = [json.dumps(entry.reasons, ensure_ascii=False, separators=(",", ":")) for entry in rows]
    numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    reasons = f"[{','.join(numbers)}]".encode()
    columns = (
        [entry.paper_id for entry in rows],
        [entry.delivery_id for entry in rows],
        [entry.day.toordinal() for entry in rows],
        [entry.position for entry in rows],
        [numbers[text] for text in texts],
    )
    body = b"".join([_HEAD.pack(len(rows), len(reasons)), *map(_encoded, columns), reasons])
    return VERSION + zlib.compress(body, 9)


def decode(packed: bytes | memoryview) -> list[Entry]:
    """The entries, by delivery and position."""
    count, size, body = _opened(packed)
    papers, deliveries, days, positions, numbers = (_column(body, count, place) for place in range(5))
    reasons = json.loads(body[len(body) - size :])
    return [
        Entry(delivery, date.fromordinal(day), position, paper, reasons[number])
        for delivery, day, position, paper, number in zip(deliveries, days, positions, papers, numbers, strict=True)
    ]


def decode_papers(packed: bytes | memoryview) -> Sequence[int]:
    """The papers alone, for those who read many months."""
    count, _, body = _opened(packed)
    return _column(body, count, _PAPER)


def _opened(held: bytes | memoryview) -> tuple[int, int, bytes]:
    packed = bytes(held)
    if not packed.startswith(VERSION):
        raise Unreadable
    body = zlib.decompress(packed[len(VERSION) :])
    count, size = _HEAD.unpack_from(body)
    return count, size, body


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
