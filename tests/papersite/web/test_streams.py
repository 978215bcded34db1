"""Files of any length on their way."""

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import RequestFactory

from papersite.web import streams

PIECES = [f"a line of a list, the {number}th\n" for number in range(5000)]


@pytest.mark.parametrize("accepted", ["gzip", "br", ""])
def test_it_is_the_same_text_whatever_who_asks_can_open(rf: RequestFactory, accepted: str) -> None:
    request: Any = rf.get("/", headers={"Accept-Encoding": accepted})

    answer = streams.stream(request, PIECES, "text/plain")
    told = b"".join(answer)
    head = streams.stream(rf.head("/", headers={"Accept-Encoding": accepted}), PIECES, "text/plain")

    assert answer.has_header("Content-Encoding") is (accepted == "gzip")
    assert (gzip.decompress(told) if accepted == "gzip" else told).decode() == "".join(PIECES)
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert (b"".join(head), head.headers) == (b"", answer.headers)


def test_packed_twice_it_is_the_same_bytes_and_a_fraction_of_them() -> None:
    first, second = (b"".join(streams.packed(PIECES)) for _ in range(2))

    assert first == second
    assert len(first) < len("".join(PIECES)) / 5
    assert gzip.decompress(b"".join(streams.packed([]))) == b""


def test_no_more_than_a_piece_is_held_and_none_is_made_before_it_is_wanted() -> None:
    made = 0

    def pieces() -> Iterator[str]:
        nonlocal made
        for number in range(20_000):
            made += 1
            yield f"{zlib.crc32(str(number).encode())} " * 100

    packed = streams.packed(pieces())
    assert made == 0
    next(packed)
    # The head of the file; what comes is still to be made.
    assert made < 100
    tracemalloc.start()
    try:
        rest = sum(1 for _ in packed)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # Twenty megabytes came by.
    assert (made, most < 1_000_000, rest > 5) == (20_000, True, True)
