"""What taste knows of this site: what its newest papers say, who kept them, and the papers that readers liked.

Read once for many readers and kept in memory; what is read of the past is bounded.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import batched, chain
from threading import Lock
from typing import Any

import numpy as np
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from papersite.catalogue.meaning import site
from papersite.catalogue.models import Authorship, Paper, SavedPaper, Vote
from papersite.catalogue.taste.arrays import Floats, Ints
from papersite.catalogue.taste.engine import Taste
from papersite.catalogue.taste.meanings import Meanings, Sound, sound
from papersite.catalogue.taste.readers import LEAST_READERS, Kept, Readers
from papersite.catalogue.taste.texts import Gathered, Shelf, Told, Vector, told

logger = logging.getLogger(__name__)

# What came since waits so long until it can be close to anything.
GOOD_FOR = timedelta(minutes=15)
# Papers that readers liked, as vectors: about a kilobyte each.
MOST_VECTORS = 20_000
# Authors of one paper, the first ones: of thousands none says whom a reader likes.
AUTHORS = 10
# Readers whose lists are compared, those who kept something last, and the latest papers of each. Taste was judged with
# as many; more cost each mail time, and each worker memory.
MOST_LISTS = 6_000
LATEST_KEPT = 100
# Numbers in one statement.
_AT_ONCE = 5_000


class Held:
    """A shelf, and the papers that readers liked in its terms. Safe to share between threads."""

    def __init__(self, taste: Taste) -> None:
        self.taste = taste
        self.titles: dict[int, str] = {}
        self._vectors: dict[int, Vector] = {}
        self._lock = Lock()

    def load(self, paper_ids: Iterable[int]) -> None:
        """Reads the papers that readers liked and nobody asked for before."""
        with self._lock:
            wanted = set(paper_ids)
            missing = wanted - self._vectors.keys()
            if not missing:
                return
            # The oldest go first, and none of those that are asked for now.
            for old in list(self._vectors)[: max(0, len(self._vectors) + len(missing) - MOST_VECTORS)]:
                if old not in wanted:
                    del self._vectors[old], self.titles[old]
            shelf = self.taste.shelf
            there = [paper for paper in missing if paper in shelf.place]
            for some in batched(there, _AT_ONCE, strict=False):
                for paper, title in Paper.objects.visible().filter(pk__in=some).values_list("pk", "title"):
                    self.titles[paper], self._vectors[paper] = title, shelf.held(paper)
            for paper, (title, what) in _read(missing - shelf.place.keys()).items():
                self.titles[paper], self._vectors[paper] = title, shelf.vector(what)
            if self.taste.meanings is not None:
                meanings = self.taste.meanings
                meanings.add(vectors_of([one for one in missing if one not in meanings]).of)

    def has(self, paper: int) -> bool:
        return paper in self._vectors

    def gathered(self, paper_ids: Iterable[int]) -> Gathered:
        """What those say that were loaded and are there."""
        return Gathered.of([self._vectors[one] for one in paper_ids if one in self._vectors])

    def likenesses(self, places: Sequence[int], liked: Sequence[int], said: Gathered) -> Iterator[Floats | Ints | None]:
        """How alike papers of the shelf are to each of these, which are there, row by row: in what they said, then
        in meaning, of which nothing may be known, then by how many readers kept both."""
        yield self.taste.shelf.likenesses(places, said)
        meanings = self.taste.meanings
        yield np.array([meanings.likenesses(place, liked) for place in places]) if meanings else None
        yield self.taste.readers.together(self.taste.shelf.ids.take(places), liked)


class SiteTaste:
    """One shelf for all readers of a process, put up anew now and then. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._built_at: datetime | None = None
        self._told: dict[int, Told] = {}
        self._held = Held(Taste(Shelf({}), Readers([], {})))

    def refresh(self, paper_ids: Collection[int], now: datetime) -> Held:
        """For ranking among these papers, unless what is known of them was read a moment ago."""
        with self._lock:
            if self._built_at is None or abs(now - self._built_at) > GOOD_FOR:
                self._held = self._built(paper_ids)
                self._built_at = now
            return self._held

    def _built(self, paper_ids: Collection[int]) -> Held:
        began = time.monotonic()
        self._told = {paper: one for paper, one in self._told.items() if paper in paper_ids}
        for paper, (_, what) in _read([one for one in paper_ids if one not in self._told]).items():
            self._told[paper] = what
        shelf = Shelf(self._told)
        found = vectors_of(shelf.place)
        meanings = Meanings(shelf.place, found.of) if found.of else None
        readers = Readers(_lists(shelf.place), shelf.place)
        logger.info("taste.built papers=%s seconds=%.1f", len(shelf), time.monotonic() - began)
        return Held(Taste(shelf, readers, meanings))


@cache
def site_taste() -> SiteTaste:
    """This process's."""
    return SiteTaste()


def latest_saved(readers: Collection[int], most: int) -> dict[int, list[int]]:
    """The papers that each of these readers saved last, the latest first."""
    return _latest(SavedPaper.objects.filter(reader__in=readers), "saved_at", most)


def latest_voted(readers: Collection[int], most: int) -> dict[int, list[int]]:
    """The papers that each of these readers voted for last and still does, the latest first."""
    return _latest(Vote.objects.filter(reader__in=readers, taken_back_at__isnull=True), "voted_at", most)


def vectors_of(paper_ids: Iterable[int]) -> Sound:
    """What papers mean, of those that have a vector; what cannot be used is said in the log."""
    model = site.in_mail()
    if model is None:
        return Sound({}, 0)
    ids, rows = model.vectors_of(list(paper_ids))
    found = sound(dict(zip(ids, rows, strict=True)))
    if found.unsound:
        logger.warning("taste.vectors unsound=%s of=%s: words alone do the work for these", found.unsound, len(ids))
    return found


def _latest(rows, at: str, most: int) -> dict[int, list[int]]:  # type: ignore[no-untyped-def]
    found: dict[int, list[int]] = defaultdict(list)
    for reader, paper in _latest_rows(rows, at, most).order_by("number"):
        found[reader].append(paper)
    return found


def _latest_rows(rows, at: str, most: int):  # type: ignore[no-untyped-def]
    """A reader and a paper each."""
    numbered = Window(RowNumber(), partition_by=F("reader"), order_by=(F(at).desc(), F("pk").desc()))
    return rows.annotate(number=numbered).filter(number__lte=most).values_list("reader", "paper")


def _read(paper_ids: Iterable[int]) -> dict[int, tuple[str, Told]]:
    """Of each paper its title and what it is known by; of one that a curator hid nothing is said any more."""
    found: dict[int, tuple[str, Told]] = {}
    for some in batched(paper_ids, _AT_ONCE, strict=False):
        authors: dict[int, list[int]] = defaultdict(list)
        rows = Authorship.objects.filter(paper__in=some, position__lt=AUTHORS).order_by()
        for paper, author in rows.values_list("paper", "author"):
            authors[paper].append(author)
        for pk, title, abstract in Paper.objects.visible().filter(pk__in=some).values_list("pk", "title", "abstract"):
            found[pk] = title, told(title, abstract, authors.get(pk, ()))
    return found


def _lists(papers: Collection[int]) -> list[Kept]:
    """What those kept who kept one of these papers, reader by reader; nothing where no paper has enough of them."""
    ranked, lowest = np.array([*papers], np.int64), min(papers, default=0)
    newest = (rows.filter(paper__gte=lowest).order_by(f"-{at}")[: MOST_LISTS * 4] for rows, at in _all_kept())
    of, kept = _pairs(rows.values_list("reader", "paper") for rows in newest)
    is_ranked = np.isin(kept, ranked)
    of, kept = of[is_ranked], kept[is_ranked]
    both = np.unique(np.stack((kept, of)), axis=1)
    told, keepers = np.unique(both[0], return_counts=True)
    told_of = np.isin(of, both[1][np.isin(both[0], told[keepers >= LEAST_READERS])])
    _, first = np.unique(of[told_of], return_index=True)
    readers = of[told_of][np.sort(first)][:MOST_LISTS].tolist()
    return [one for some in batched(readers, _AT_ONCE, strict=False) for one in _lists_of(some)]


def _all_kept() -> Sequence[tuple[QuerySet[Any], str]]:
    """What readers keep, in two tables, and when they did."""
    return (SavedPaper.objects.all(), "saved_at"), (Vote.objects.filter(taken_back_at__isnull=True), "voted_at")


def _lists_of(readers: Collection[int]) -> list[Kept]:
    of, kept = _pairs(_latest_rows(rows.filter(reader__in=readers), at, LATEST_KEPT) for rows, at in _all_kept())
    order = np.argsort(of, kind="stable")
    return [*np.split(kept[order], np.flatnonzero(np.diff(of[order])) + 1)]


def _pairs(parts: Iterable[QuerySet[Any, tuple[int, int]]]) -> tuple[Ints, Ints]:
    """Readers, and the paper that each kept: numbers alone, since there may be millions."""
    rows = chain.from_iterable(part.iterator() for part in parts)
    numbers = np.fromiter(chain.from_iterable(rows), np.int64)
    return numbers[::2], numbers[1::2]
