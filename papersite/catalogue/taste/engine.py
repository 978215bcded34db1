"""Ranks papers for one reader from few examples: by what they say, and by what readers with like lists kept. Pure.

Sums over the papers a reader liked, each divided by the mean of its highest so that they weigh alike: what is
alike in words and authors, what readers with like lists kept, and what is alike in meaning where there are vectors.
A paper that is alike to what they wanted less of stands lower by as much.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from papersite.catalogue.taste.arrays import Floats, highest
from papersite.catalogue.taste.meanings import Meanings
from papersite.catalogue.taste.readers import Places, Readers
from papersite.catalogue.taste.texts import Gathered, Shelf

# Of a reader's likes, the latest; more cost time and say the same.
MOST_LIKED = 300
# The mean of so many of the highest is what a sum is divided by.
HIGHEST = 50
OF_WORDS, OF_READERS, OF_MEANING = 1.0, 1.5, 1.0
# For each liked paper so many like it, and in all, say whose lists are like the reader's.
LIKE_EACH, LIKE_ALL = 20, 150


@dataclass(frozen=True, slots=True)
class Examples:
    """What a reader said of papers, the latest first, without those of which they said both."""

    wanted: list[int] = field(default_factory=list)
    unwanted: list[int] = field(default_factory=list)
    judged: frozenset[int] = frozenset()
    """All of them: none is ranked."""

    @classmethod
    def of(cls, wanted: Sequence[int], unwanted: Sequence[int] = ()) -> "Examples":
        opposed = set(wanted) & set(unwanted)
        return cls(
            [one for one in dict.fromkeys(wanted) if one not in opposed][:MOST_LIKED],
            [one for one in dict.fromkeys(unwanted) if one not in opposed][:MOST_LIKED],
            frozenset((*wanted, *unwanted)),
        )


@dataclass(frozen=True, slots=True)
class Taste:
    """The papers that may be ranked, and all that is known of them."""

    shelf: Shelf
    readers: Readers
    meanings: Meanings | None = None

    def scores(
        self, examples: Examples, liked: Gathered, less: Gathered | None = None, *, own: int | None = None
    ) -> Floats:
        """How close each paper of the shelf is to a reader's taste, 0 where it is not.

        ``liked`` and ``less`` are what their examples say; ``own`` is their place among the readers' lists.
        """
        place = self.shelf.place
        gone = np.array([place[one] for one in examples.judged if one in place], np.int64)
        near = self.shelf.near(liked)
        unit = _mean_of_highest(near)
        scores = OF_WORDS / unit * near
        if self.meanings is not None:
            scores = self.meanings.beside(scores, examples.wanted, OF_MEANING)
        kept = self.readers.near(examples.wanted, self._like(near, liked.size, gone), own=own)
        scores += OF_READERS / _mean_of_highest(kept) * kept
        if less is not None and less.size:
            # By the same measure, so that one paper wanted less of weighs as much as one that was liked.
            scores -= OF_WORDS / unit * self.shelf.near(less)
        scores[gone] = 0
        return np.maximum(scores, 0)

    def _like(self, near: Floats, liked: int, gone: Places) -> tuple[Places, Floats]:
        """Places of the papers most like the liked ones, by words, and how much so."""
        found = near.copy()
        found[gone] = 0
        places = highest(found, min(LIKE_EACH * liked, LIKE_ALL, len(found) - 1))
        return places, found.take(places)

    def closest(self, scores: Floats, size: int, among: Collection[int] | None = None) -> list[int]:
        """The places of the closest papers, the closest first, of equals the newer number; none without closeness."""
        if among is not None:
            only = np.zeros_like(scores)
            places = [self.shelf.place[one] for one in among if one in self.shelf.place]
            only[places] = scores[places]
            scores = only
        found = highest(scores, size)
        values = scores.take(found)
        if len(found) == size and len(found):
            # Of those who are equal to the last of them any came.
            found = np.flatnonzero(scores >= values.min())
            values = scores.take(found)
        order = np.lexsort((-found, -values))[:size]
        return [int(place) for place in found.take(order)]


def _mean_of_highest(found: Floats) -> float:
    told = found.take(highest(found, HIGHEST))
    return float(told.mean()) if len(told) else 1.0
