"""XML read with distrust."""

import io
import tracemalloc
from typing import IO, cast

import pytest

from papersite.catalogue.sources.records import SourceError
from papersite.catalogue.sources.xml import elements, root_tag, text_of, texts_of

BOMB = (
    "<!DOCTYPE r [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
    + "]><r><x>&j;</x></r>"
)


def test_elements_come_in_order_with_their_texts() -> None:
    text = b"<r><x><a>one</a><a>t<b>w</b>o</a></x><x/></r>"

    found = [(texts_of(element, "a"), text_of(element, "c")) for element in elements(io.BytesIO(text), "x", origin="o")]

    assert found == [(("one", "two"), ""), ((), "")]


@pytest.mark.parametrize("text", [BOMB, "<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r><x/></r>"])
def test_a_document_type_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match=r"^o: it declares a document type"):
        list(elements(io.BytesIO(text.encode()), "x", origin="o"))


def test_root_tag_is_the_outermost() -> None:
    assert root_tag(io.BytesIO(b"<a><b/></a>"), origin="o") == "a"
    with pytest.raises(SourceError, match=r"^o: "):
        root_tag(io.BytesIO(b"nothing"), origin="o")


class Long(io.RawIOBase):
    """A document of so many elements that never lies in memory as a whole."""

    def __init__(self, count: int) -> None:
        self.left = count
        self.begun = False

    def read(self, size: int = -1) -> bytes:
        if not self.begun:
            self.begun = True
            return b"<r>"
        if self.left == 0:
            self.left = -1
            return b"</r>"
        if self.left < 0:
            return b""
        some = min(self.left, 200)
        self.left -= some
        return b"<x><a>" + b"text " * 50 + b"</a></x>" + (b"<x><a>" + b"text " * 50 + b"</a></x>") * (some - 1)


def test_a_long_document_needs_no_more_memory_than_a_short_one() -> None:
    peaks = []
    for count in (2_000, 40_000):
        tracemalloc.start()
        assert sum(1 for _ in elements(cast("IO[bytes]", Long(count)), "x", origin="o")) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < 2 * peaks[0] + 1_000_000
