"""Who kept which papers: only sums over at least ``LEAST_READERS`` of them come out. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from papersite.catalogue.taste.arrays import Floats, Rows

Places = NDArray[np.int64]

# Fewer would tell of single persons.
LEAST_READERS = 5
# Of one reader's list; who keeps everything says nothing of what is alike.
MOST_OF_A_LIST = 500
# Of readers with like lists, those whose lists are most alike.
MOST_ALIKE = 400
# Where too few of them kept a paper, those count too, so much less, who kept what is like the reader's papers.
OF_WIDER, WIDER_STRENGTH = 0.8, 0.1


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
        # Of each place the number that its paper has among all that was kept.
        self._number = np.full(self._width, -1, np.int64)
        for paper, at in place.items():
            self._number[at] = self._paper.get(paper, -1)
        keepers_of_ranked = np.bincount(self._ranked.columns, minlength=self._width)
        self._of_ranked = 1 / np.sqrt(np.maximum(keepers_of_ranked, 1))

    def near(
        self, liked: Sequence[int], like: tuple[Places, Floats] | None = None, *, own: int | None = None
    ) -> Floats:
        """Of every paper of the shelf: item-item cosines, where a long list says less.

        ``like`` are places of papers like the liked ones, and how much so: whose lists have them are asked where
        too few have the liked ones themselves. ``own`` is the reader's own place among the lists, which says nothing.
        """
        known = np.array([self._paper[paper] for paper in liked if paper in self._paper], np.int64)
        strength = self._keepers.summed(known, self._share[known], self._lists)
        scores = self._kept_by(strength, own)
        if like is not None:
            numbers, much = self._number[like[0]], np.minimum(like[1], 1)
            numbers, much = numbers[numbers >= 0], much[numbers >= 0]
            strength += WIDER_STRENGTH * self._keepers.summed(numbers, much * self._share[numbers], self._lists)
            scores = np.where(scores > 0, scores, OF_WIDER * self._kept_by(strength, own))
        return scores

    def _kept_by(self, strength: Floats, own: int | None) -> Floats:
        """What readers kept whose lists are so much alike: of papers that enough of them did."""
        if own is not None and own < self._lists:
            strength[own] = 0
        alike = np.flatnonzero(strength)
        if len(alike) > MOST_ALIKE:
            alike = alike[np.argpartition(-strength[alike], MOST_ALIKE)[:MOST_ALIKE]]
        scores = self._ranked.summed(alike, strength[alike], self._width) * self._of_ranked
        return np.where(self._ranked.counted(alike, self._width) >= LEAST_READERS, scores, 0)

    def together(self, papers: Sequence[int], liked: Sequence[int]) -> NDArray[np.int64]:
        """A row for each paper: how many readers kept it and each of the liked; 0 where they are too few to be told."""
        theirs = np.zeros((len(papers), self._lists), bool)
        for number, paper in enumerate(papers):
            if paper in self._paper:
                theirs[number, self._keepers.row(self._paper[paper])[0]] = True
        numbers = np.array([self._paper.get(one, -1) for one in liked], np.int64)
        there = np.flatnonzero(numbers >= 0)
        counts = np.zeros((len(papers), len(liked)), np.int64)
        counts[:, there] = self._keepers.counted_in(theirs, numbers[there])
        return np.where(counts >= LEAST_READERS, counts, 0)
