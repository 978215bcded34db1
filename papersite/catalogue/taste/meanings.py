"""Vectors of what papers mean, beside their words. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from papersite.catalogue.taste.arrays import Floats

# Sentence encoders find any two papers alike to some degree: less than that above the usual says nothing.
LEAST = 0.2


class Sound(NamedTuple):
    """Vectors that can be used, and how many could not."""

    of: dict[int, Floats]
    unsound: int


def sound(vectors: Mapping[int, Sequence[float] | Floats]) -> Sound:
    """Without what is no number, is nothing, or is of another length than most."""
    arrays = {paper: np.asarray(one, np.float64).ravel() for paper, one in vectors.items()}
    sizes = [len(one) for one in arrays.values()]
    usual = max(set(sizes), key=sizes.count, default=0)
    kept = {
        paper: one
        for paper, one in arrays.items()
        if len(one) == usual and np.isfinite(one).all() and np.linalg.norm(one) > 0
    }
    return Sound(kept, len(arrays) - len(kept))


class Meanings:
    """The vectors of a shelf's papers and of those that readers liked; either may lack some."""

    def __init__(self, places: Mapping[int, int], vectors: Mapping[int, Floats]) -> None:
        """``vectors`` are sound; ``places`` are those of the shelf's papers."""
        self._width = len(places)
        self._vectors = dict(vectors)
        shelved = [paper for paper in places if paper in self._vectors]
        self._places = np.array([places[paper] for paper in shelved], np.int64)
        matrix = np.array([self._vectors[paper] for paper in shelved])
        # All of one field have a direction in common, which tells none of them apart.
        self._usual = matrix.mean(axis=0) if len(shelved) > 1 else 0.0
        self._matrix = _units(matrix - self._usual) if shelved else np.zeros((0, 0))

    def add(self, vectors: Mapping[int, Floats]) -> None:
        """Those of more papers that readers liked; of another length than these they are none."""
        self._vectors |= {one: row for one, row in vectors.items() if len(row) == self._matrix.shape[1]}

    def __contains__(self, paper: int) -> bool:
        return paper in self._vectors

    def near(self, liked: Iterable[int]) -> Floats:
        """Of every paper of the shelf that has a vector, the sum of its likenesses to these."""
        found = np.zeros(self._width)
        rows = [self._vectors[one] for one in liked if one in self._vectors]
        if rows and len(self._matrix):
            likeness = self._matrix @ _units(np.array(rows) - self._usual).T
            found[self._places] = np.where(likeness > LEAST, likeness, 0).sum(axis=1)
        return found

    def likenesses(self, place: int, liked: Sequence[int]) -> Floats:
        """How alike one paper of the shelf is to each of these; 0 where either has no vector."""
        found = np.zeros(len(liked))
        at = np.flatnonzero(self._places == place)
        there = [number for number, one in enumerate(liked) if one in self._vectors]
        if len(at) and there:
            rows = np.array([self._vectors[liked[number]] for number in there])
            found[there] = _units(rows - self._usual) @ self._matrix[at[0]]
        return found

    def beside(self, spoken: Floats, liked: Sequence[int], weight: float) -> Floats:
        """Scores by words with those by meaning; of what has no vector, words stand for both."""
        near = self.near(liked)
        highest = np.sort(near)[-50:]
        told = highest[highest > 0]
        if not len(told):
            return spoken
        both = spoken * (1 + weight)
        both[self._places] = spoken[self._places] + weight * near[self._places] / told.mean()
        return both


def _units(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), np.float64)
