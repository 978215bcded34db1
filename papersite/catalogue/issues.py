"""What curators say of a day and pick for it, on the page of that day.

The editions themselves belong to the digest, which the catalogue does not know: it says here how they are read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Issue:
    """Words that are HTML are marked as safe by whoever made them."""

    intro: str = ""
    picks: tuple[tuple[int, str], ...] = ()
    """Numbers of papers, hidden ones among them, each with a note."""

    def __bool__(self) -> bool:
        return bool(self.intro or self.picks)


def _none(day: date) -> Issue:
    return Issue()


def _nobody(day: date) -> frozenset[int]:
    return frozenset()


_readers: list[Callable[[date], Issue]] = [_none]
_pickers: list[Callable[[date], frozenset[int]]] = [_nobody]


def read_with(reader: Callable[[date], Issue], picked: Callable[[date], frozenset[int]]) -> None:
    _readers[:], _pickers[:] = [reader], [picked]


def of(day: date) -> Issue:
    return _readers[0](day)


def picked(day: date) -> frozenset[int]:
    """The papers that curators have picked for a day by now, whether readers see that already or not."""
    return _pickers[0](day)
