"""The ``listing`` format: a text of alternating lines, a title and then its abstract.

Such a text is often a page saved whole, so it may open with the furniture of its
subscribe box: lines that ask for an address, and the button's word run into the
first title.
"""

import re
from collections.abc import Iterable, Iterator

from papersite.catalogue.sources.records import Rejected, SourcePaper
from papersite.catalogue.sources.text import excerpt

_FURNITURE = re.compile(r"get trending papers in your email inbox.*", re.IGNORECASE)
_BUTTON = "Subscribe"


def read(lines: Iterable[str], *, origin: str) -> Iterator[SourcePaper | Rejected]:
    """The records of a listing; ``origin`` names it in each record's place."""
    title = ""
    title_line = 0
    for number, line in _content(lines):
        if not title:
            title, title_line = line, number
            continue
        place = f"{origin}, line {title_line}"
        yield SourcePaper(place=place, source="listing", title=title, abstract=line)
        title = ""
    if title:
        yield Rejected(f"{origin}, line {title_line}", "the last title has no abstract", excerpt(title))


def _content(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Numbered lines without blank ones and without the furniture at the top."""
    at_top = True
    for number, raw in enumerate(lines, start=1):
        line = raw.strip()
        if not line or (at_top and _FURNITURE.fullmatch(line)):
            continue
        if at_top and line.startswith(_BUTTON) and line[len(_BUTTON) : len(_BUTTON) + 1].isupper():
            line = line.removeprefix(_BUTTON)
        at_top = False
        yield number, line
