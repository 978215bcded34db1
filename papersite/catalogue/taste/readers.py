"""Who kept which papers: only sums over at least ``LEAST_READERS`` of them come out. Pure."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from papersite.catalogue.taste.arrays import Floats, Rows

Places = NDArray[np.int64]
Kept = Sequence[int] | NDArray[np.int64]

# Fewer would tell of single persons.
LEAST_READERS = 5
# Of one reader's list; who keeps everything says nothing of what is alike.
MOST_OF_A_LIST = 500
# Of those who kept one paper, the first so many say who is alike: a mail costs no more where thousands kept it.
MOST_HEARD = 100
# Of readers with like lists, those whose lists are most alike.
MOST_ALIKE = 400
# Those who kept what is like the reader's papers say who is alike too, so much less than who kept these themselves.
WIDER_STRENGTH = 0.05


class Readers:
    """What readers with like lists kept, for the papers of one shelf."""

    def __init__(self, lists: Iterable[Kept], place: Mapping[int, int]) -> None:
        """``lists``: the papers that each reader kept. ``place``: of each paper that may be ranked its place; others
        only tell who is alike."""
        held = [np.unique(np.asarray(one, np.int64))[-MOST_OF_A_LIST:] for one in lists]
        sizes = np.array([len(one) for one in held], np.int64)
        self._lists, self._width = len(held), len(place)
        self._papers, numbers = np.unique(np.concatenate([*held, np.zeros(0, np.int64)]), return_inverse=True)
        del held
        self._keepers = Rows.laid_out(sizes, numbers, np.ones(len(numbers))).turned(len(self._papers))
        self._heard = self._keepers.cut(MOST_HEARD)
        self._share = 1 / np.sqrt(np.maximum(np.diff(self._keepers.starts), 1))
        # Of each place the number that its paper has among all that was kept, and the other way round.
        there = np.array([*place.keys()], np.int64), np.array([*place.values()], np.int64)
        self._number = np.full(self._width, -1, np.int64)
        self._number[there[1]] = self._numbers_of(there[0])
        of_paper = np.full(len(self._papers), -1, np.int64)
        known = np.flatnonzero(self._number >= 0)
        of_paper[self._number[known]] = known
        ranked, owners = of_paper[numbers], np.repeat(np.arange(self._lists), sizes)
        is_ranked = ranked >= 0
        of_a_list = 1 / np.sqrt(np.maximum(sizes, 1))
        counts = np.bincount(owners[is_ranked], minlength=self._lists)
        self._ranked = Rows.laid_out(counts, ranked[is_ranked], of_a_list[owners[is_ranked]])
        self._of_ranked = 1 / np.sqrt(np.maximum(np.bincount(ranked[is_ranked], minlength=self._width), 1))

    def _numbers_of(self, papers: Kept) -> Places:
        """The numbers of papers among all that was kept, -1 where nobody kept one."""
        wanted = np.asarray(papers, np.int64)
        if not len(self._papers):
            return np.full(len(wanted), -1, np.int64)
        found = np.minimum(np.searchsorted(self._papers, wanted), len(self._papers) - 1)
        return np.where(self._papers[found] == wanted, found, -1)

    def near(
        self, liked: Sequence[int], like: tuple[Places, Floats] | None = None, *, own: int | None = None
    ) -> Floats:
        """Of every paper of the shelf: item-item cosines, where a long list says less.

        ``like`` are places of papers like the liked ones, and how much so.
        ``own`` is the reader's own place among the lists, which says nothing.
        """
        known = self._numbers_of(liked)
        known = known[known >= 0]
        strength = self._heard.taken(known).summed(self._share[known], self._lists)
        if like is not None:
            numbers, much = self._number[like[0]], np.minimum(like[1], 1)
            numbers, much = numbers[numbers >= 0], much[numbers >= 0]
            strength += WIDER_STRENGTH * self._heard.taken(numbers).summed(much * self._share[numbers], self._lists)
        return self._kept_by(strength, own)

    def _kept_by(self, strength: Floats, own: int | None) -> Floats:
        """What readers kept whose lists are so much alike: of papers that enough of them did."""
        if own is not None and own < self._lists:
            strength[own] = 0
        alike = np.flatnonzero(strength)
        if len(alike) > MOST_ALIKE:
            alike = alike[np.argpartition(-strength[alike], MOST_ALIKE)[:MOST_ALIKE]]
        theirs = self._ranked.taken(alike)
        scores = theirs.summed(strength[alike], self._width) * self._of_ranked
        return np.where(theirs.counted(self._width) >= LEAST_READERS, scores, 0)

    def together(self, papers: Sequence[int], liked: Sequence[int]) -> NDArray[np.int64]:
        """A row for each paper: how many readers kept it and each of the liked; 0 where they are too few to be told."""
        theirs = np.zeros((len(papers), self._lists), bool)
        for row, number in enumerate(self._numbers_of(papers)):
            if number >= 0:
                theirs[row, self._keepers.row(number)[0]] = True
        numbers = self._numbers_of(liked)
        there = np.flatnonzero(numbers >= 0)
        counts = np.zeros((len(papers), len(liked)), np.int64)
        counts[:, there] = self._keepers.counted_in(theirs, numbers[there])
        return np.where(counts >= LEAST_READERS, counts, 0)
