"""Who kept which papers: only sums over at least ``LEAST_READERS`` of them come out. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from papersite.catalogue.taste.arrays import Floats, Rows

# Fewer would tell of single persons.
LEAST_READERS = 5
# Of one reader's list; who keeps everything says nothing of what is alike.
MOST_OF_A_LIST = 500


class Readers:
    """What readers with like lists kept, for the papers of one shelf."""

    def __init__(self, lists: Iterable[Collection[int]], place: Mapping[int, int]) -> None:
        """``place``: of each paper that may be ranked its place; others only tell who is alike."""
        kept = [sorted(set(one))[-MOST_OF_A_LIST:] for one in lists]
        self._width = len(place)
        self._paper: dict[int, int] = {}
        columns = [
            np.array([self._paper.setdefault(paper, len(self._paper)) for paper in one], np.int32) for one in kept
        ]
        self._lists = len(kept)
        self._keepers = Rows.of(columns, [np.ones(len(one)) for one in columns]).turned(len(self._paper))
        sizes = np.diff(self._keepers.starts)
        self._share = 1 / np.sqrt(np.maximum(sizes, 1))
        ranked = [np.array([place[paper] for paper in one if paper in place], np.int32) for one in kept]
        of_lists = [np.full(len(there), 1 / np.sqrt(max(len(one), 1))) for there, one in zip(ranked, kept, strict=True)]
        self._ranked = Rows.of(ranked, of_lists)
        keepers_of_ranked = np.bincount(self._ranked.columns, minlength=self._width)
        self._of_ranked = 1 / np.sqrt(np.maximum(keepers_of_ranked, 1))

    def near(self, liked: Sequence[int], *, own: int | None = None) -> Floats:
        """Of every paper of the shelf: item-item cosines, where a long list says less.

        ``own`` is the reader's own place among the lists, which says nothing.
        """
        known = np.array([self._paper[paper] for paper in liked if paper in self._paper], np.int64)
        if not len(known):
            return np.zeros(self._width)
        strength = self._keepers.summed(known, self._share[known], self._lists)
        if own is not None:
            strength[own] = 0
        alike = np.flatnonzero(strength)
        scores = self._ranked.summed(alike, strength[alike], self._width) * self._of_ranked
        return np.where(self._ranked.counted(alike, self._width) >= LEAST_READERS, scores, 0)

    def together(self, paper: int, liked: Sequence[int]) -> list[int]:
        """How many readers kept the paper and each of these; 0 where they are too few to be told."""
        counts = [len(self._of(paper) & self._of(one)) for one in liked]
        return [count if count >= LEAST_READERS else 0 for count in counts]

    def _of(self, paper: int) -> set[int]:
        number = self._paper.get(paper)
        return set() if number is None else set(self._keepers.row(number)[0].tolist())
