"""Which papers of a batch of mails are on one thing, asked only of those that are about to be mailed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from tantivy import Searcher

from digest.choosing import titles
from digest.types import OtherPaper
from papersite.catalogue.meaning import site
from papersite.catalogue.models import Authorship, Paper
from papersite.catalogue.search.folder import Unavailable
from papersite.catalogue.search.reading import reader
from papersite.catalogue.search.same_subject import Compared, Rarity
from papersite.catalogue.search.words import words

if TYPE_CHECKING:
    from papersite.catalogue.meaning.encoder import Matrix

# The cosine of two vectors. Found as that of words was.
BY_MEANING = 0.85
# Papers keep their words for longer than that, and vectors come soon after them.
GOOD_FOR = timedelta(minutes=30)
MOST_HELD = 4_000
TITLE_LENGTH = 70
FIRST_AUTHORS = 30


class Near(Protocol):
    """What the choice asks."""

    def load(self, paper_ids: Iterable[int]) -> None:
        """Compares papers that nobody asked about before with all others."""

    def of(self, paper_id: int) -> Collection[int]:
        """Those on the same thing, of the papers that were loaded."""

    def name(self, paper_id: int) -> str:
        """How one is named beneath another: what its address ends in, a space, its title."""


class Nearness:
    """What was compared so far."""

    def __init__(self) -> None:
        self._asked_at: datetime | None = None
        self._forget()

    def _forget(self) -> None:
        self._near: dict[int, set[int]] = defaultdict(set)
        self._names: dict[int, str] = {}
        self._by_title: dict[tuple[str, ...], int] = {}
        self._compared = Compared()
        self._rarity: tuple[Searcher, Rarity] | None = None
        self._vectors: list[tuple[list[int], Matrix]] = []

    def expire(self, now: datetime) -> None:
        if self._asked_at is None or abs(now - self._asked_at) > GOOD_FOR or len(self._names) > MOST_HELD:
            self._asked_at = now
            self._forget()

    def load(self, paper_ids: Iterable[int]) -> None:
        missing = sorted(set(paper_ids) - self._names.keys())
        if not missing:
            return
        rows = list(
            Paper.objects.filter(pk__in=missing).order_by("pk").values_list("pk", "arxiv_id", "title", "abstract")
        )
        for pk, arxiv_id, title, _ in rows:
            self._names[pk] = OtherPaper(arxiv_id or f"p{pk}", titles.cut(title, TITLE_LENGTH)).label
            key = tuple(words(title))
            self._join(pk, [self._by_title.setdefault(key, pk)])
        # Without an index nobody knows which words are rare: titles and meaning do what they can.
        with suppress(Unavailable):
            reader().ask(lambda searcher: self._compare_words(searcher, rows))
        self._compare_meaning([row[0] for row in rows])

    def of(self, paper_id: int) -> Collection[int]:
        return self._near.get(paper_id, ())

    def name(self, paper_id: int) -> str:
        return self._names[paper_id]

    def _join(self, paper_id: int, others: Iterable[int]) -> None:
        for other in others:
            if other != paper_id:
                self._near[paper_id].add(other)
                self._near[other].add(paper_id)

    def _compare_words(self, searcher: Searcher, rows: Sequence[Any]) -> None:
        if self._rarity is None or self._rarity[0] is not searcher:
            self._rarity = searcher, Rarity(partial(searcher.doc_freq, "stem"), searcher.num_docs)
        authors = _authors_of([row[0] for row in rows])
        for pk, _, title, abstract in rows:
            self._join(pk, self._compared.add(pk, title, abstract, self._rarity[1], authors[pk]))

    def _compare_meaning(self, paper_ids: list[int]) -> None:
        model = site.in_mail()
        if model is None:
            return
        ids, vectors = model.vectors_of(paper_ids)
        if not ids:
            return
        self._vectors.append((ids, vectors))
        for others, theirs in self._vectors:
            if theirs.shape[1] == vectors.shape[1]:
                for place, other in zip(*(vectors @ theirs.T >= BY_MEANING).nonzero(), strict=True):
                    self._join(ids[place], [others[other]])


def _authors_of(paper_ids: list[int]) -> Mapping[int, Collection[int]]:
    """The first authors of each, without those of a whole collaboration."""
    rows = Authorship.objects.filter(paper__in=paper_ids, position__lt=FIRST_AUTHORS).order_by()
    found: dict[int, list[int]] = defaultdict(list)
    for paper, author in rows.values_list("paper", "author"):
        found[paper].append(author)
    return found
