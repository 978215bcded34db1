"""A source, an upload, a question: 100,000 letters made to be slow. Each took seconds, or minutes."""

from collections.abc import Callable
from typing import Any

import pytest

from papersite.catalogue.search import compounds, recognising
from papersite.catalogue.sources import names, tex
from papersite.catalogue.sources.library.marks import marks
from tests.costs import least_seconds

LENGTH = 100_000


def filled(piece: str, begin: str = "", end: str = "") -> str:
    return begin + piece * (LENGTH // len(piece)) + end


TEXTS: dict[str, tuple[Callable[[str], Any], str]] = {
    "a word without end, and a hyphen": (compounds.also_written, filled("base", end="-")),
    "a word of many parts, and a sign": (compounds.signed, filled("a-", end="x#+")),
    "a name of numbers": (names.split, filled(" 0", "Ada Lovelace", " B")),
    "how many others, over and over": (names.has_more, filled("more ", "(")),
    "a number of others without end": (names.split, filled("1,", "Ada, ")),
    "a switch before nothing but space": (tex.plain, filled(" ", "{\\tiny", "\n{")),
    "lines broken without end": (tex.plain, filled("\\\\")),
    "addresses without end": (tex.plain, filled("https://", end="}")),
    "addresses twice, and what looks like one more": (tex.plain, filled(")", "https://,x} {-.</(", "\0")),
    "lines of an upload's notes that hold nothing": (lambda text: marks([], extra=text), filled("\n")),
    "a cited identifier and space": (recognising.identifier_in, "2606.32036" + " " * recognising.LONGEST + "x"),
    "space before no bracket": (tex.plain, filled(" ", "\\own", "x")),
}


@pytest.mark.parametrize("what", TEXTS)
def test_a_long_text_is_read_at_once(what: str) -> None:
    read, text = TEXTS[what]

    assert least_seconds(lambda: read(text), enough=1) < 1
