"""Who kept which papers: only sums over at least ``LEAST_READERS`` of them come out. Pure."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from papersite.catalogue.taste.arrays import Floats, Marks, highest, sums

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
        self._keepers = Marks.laid_out(sizes, numbers).turned(len(self._papers))
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
        self._of_a_list = 1 / np.sqrt(np.maximum(sizes, 1))
        self._ranked = Marks.laid_out(np.bincount(owners[is_ranked], minlength=self._lists), ranked[is_ranked])
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
        papers = self._numbers_of(liked)
        much = np.ones(len(papers))
        if like is not None:
            papers = np.concatenate((papers, self._number.take(like[0])))
            much = np.concatenate((much, WIDER_STRENGTH * np.minimum(like[1], 1)))
        known = papers >= 0
        papers, much = papers[known], much[known]
        heard, counts = self._heard.taken(papers)
        strength = sums(heard, (much * self._share.take(papers)).repeat(counts), self._lists)
        return self._kept_by(strength, own)

    def _kept_by(self, strength: Floats, own: int | None) -> Floats:
        """What readers kept whose lists are so much alike: of papers that enough of them did."""
        if own is not None and own < self._lists:
            strength[own] = 0
        alike = highest(strength, MOST_ALIKE)
        theirs, counts = self._ranked.taken(alike)
        weights = strength.take(alike) * self._of_a_list.take(alike)
        scores = sums(theirs, weights.repeat(counts), self._width)
        scores *= self._of_ranked
        scores *= np.bincount(theirs, minlength=self._width) >= LEAST_READERS
        return scores

    def together(self, papers: Kept, liked: Sequence[int]) -> NDArray[np.int64]:
        """A row for each paper: how many readers kept it and each of the liked; 0 where they are too few to be told."""
        here, there = self._numbers_of(papers), self._numbers_of(liked)
        rows, columns = np.flatnonzero(here >= 0), np.flatnonzero(there >= 0)
        kept, sizes = self._keepers.taken(here[rows])
        # Whose lists have one of these papers, each with a line of its own.
        line = np.full(self._lists, -1)
        line[kept] = np.arange(len(kept))
        keepers, counts = self._keepers.taken(there[columns])
        both = line.take(keepers)
        owners = columns.repeat(counts)
        is_both = both >= 0
        both, owners = both[is_both], owners[is_both]
        if np.bincount(owners, minlength=1).max() < LEAST_READERS:
            return np.zeros((len(papers), len(liked)), np.int64)
        has = np.zeros((len(kept), len(papers)), bool)
        has[line.take(kept), rows.repeat(sizes)] = True
        pair, paper = np.nonzero(has.take(both, axis=0))
        counted = np.bincount(paper * len(liked) + owners.take(pair), minlength=len(papers) * len(liked))
        found = counted.reshape(len(papers), len(liked))
        return np.where(found >= LEAST_READERS, found, 0)
