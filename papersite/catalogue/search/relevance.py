"""Which papers fit words best: the order by relevance.

Papers that have every word come first, by the words' rarity (BM25) and those in titles; then by
words that stand side by side as they were asked for, by heat and freshness. Where a page has room
left, papers with some of the words fill it, ranked with the help of what the first of those with every
word say (pseudo-relevance feedback); without any such, as for most long questions, by their words alone.
tests/bench/judged/README.md says how the weights were found.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import exp

from tantivy import DocAddress, Occur, Query, Searcher, SearchResult

from papersite.catalogue import trending
from papersite.catalogue.search.by_meaning import reordered
from papersite.catalogue.search.compiling import Compiler
from papersite.catalogue.search.language import All, AnyOf, Node, Prefix, Words
from papersite.catalogue.search.queries import any_of, term, with_bonus
from papersite.catalogue.search.schema import heat_of, schema
from papersite.catalogue.search.similar import telling
from papersite.catalogue.search.words import stems

# So many papers are looked at a second time, for phrases, heat and freshness.
WINDOW = 100
MOST_PAIRS = 8
# A search that found little is asked again with the words that set its first papers apart.
TOLD_BY = 5
TOLD_WORDS = 20


@dataclass(frozen=True, slots=True)
class Blend:
    """What moves a paper besides its words."""

    phrase: float = 0.2
    told: float = 0.5
    """What the words of papers with every word count for, in the order of those that fill up a page."""
    heat: float = 0.1
    """The hottest papers of today count for so much more than old ones."""
    fades_in: float = 6000.0
    """Hours, weekends left out: after so long it is a third of that."""
    meaning: float = 1.5
    """What meaning counts for among the first hundred, beside their words, where there is a model."""


BLEND = Blend()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The papers of one search, best first. ``texts`` tells what papers say, by their numbers."""

    compiler: Compiler
    node: Node
    now: datetime
    blend: Blend
    texts: Callable[[list[int]], list[str]]
    closeness: Callable[[list[int]], Mapping[int, float]] = lambda _ids: {}
    """How close papers are to what is asked for in meaning."""

    @property
    def searcher(self) -> Searcher:
        return self.compiler.searcher

    def strict(self, offset: int, size: int) -> tuple[list[int], int]:
        """Papers with every word from ``offset`` on, and how many there are in all."""
        return self._ranked(self.compiler.ranked(self.node), offset, size)

    def loose(self, offset: int, size: int, *, is_filling: bool) -> list[int]:
        """Papers with some of the words but not all. ``is_filling``: there are papers with every word, and
        what these say tells which others are meant."""
        return self._ranked(self._loose(is_told=is_filling and self.blend.told > 0), offset, size)[0]

    @property
    def may_be_loosened(self) -> bool:
        """Whether a search may be asked for some of its words: two or more, and nothing else but filters."""
        if not isinstance(self.node, All):
            return False
        is_simple = all(_is_plain(inner) or not isinstance(inner, All | AnyOf) for inner in self.node.nodes)
        return is_simple and sum(_is_plain(inner) for inner in self.node.nodes) >= 2

    def has_loose(self) -> bool:
        return bool(self.searcher.search(self._loose(is_told=False), 1, count=False).hits)

    def _ranked(self, query: Query, offset: int, size: int) -> tuple[list[int], int]:
        """Papers from ``offset`` on, and how many there are. The order is refined window by window, so
        that every page sees the same one."""
        ids: list[int] = []
        total = 0
        while len(ids) < size:
            window = (offset + len(ids)) // WINDOW * WINDOW
            found = self.searcher.search(query, WINDOW, offset=window)
            total = count(found)
            refined = self._refined(found.hits, is_first=window == 0)
            begin = offset + len(ids) - window
            ids += refined[begin : begin + size - len(ids)]
            if len(found.hits) < WINDOW or begin >= len(refined):
                break
        return ids, total

    def _refined(self, hits: list[tuple[float, DocAddress]], *, is_first: bool) -> list[int]:
        """The same papers by the whole blend; meaning looks at the first hundred."""
        addresses = [address for _, address in hits]
        ids = papers_at(self.searcher, addresses)
        bonus = self._phrases(ids) if len(ids) > 1 else {}
        now = trending.hours(self.now)
        scores = {}
        for (score, _), paper, place in zip(hits, ids, self.searcher.fast_field_values("hot", addresses), strict=True):
            age = max(0.0, now - heat_of(int(place or 0)))
            scores[paper] = (score + bonus.get(paper, 0.0)) * (1 + self.blend.heat * exp(-age / self.blend.fades_in))
        if is_first and len(ids) > 1 and self.blend.meaning:
            scores = reordered(scores, self.closeness(ids), self.blend.meaning)
        return sorted(ids, key=lambda paper: (-scores[paper], -paper))

    def _phrases(self, ids: list[int]) -> dict[int, float]:
        """What papers earn for holding the words side by side, as they were asked for."""
        pairs = list(dict.fromkeys(_neighbours(self.node)))[:MOST_PAIRS]
        if not pairs or not self.blend.phrase:
            return {}
        # Tantivy has a query for a set of terms: for a hundred of them it takes five times as long.
        these = Query.const_score_query(any_of([Query.term_query(schema(), "paper", paper) for paper in ids]), 0.0)
        earned: dict[int, float] = defaultdict(float)
        # One after the other: together, Tantivy would look through all papers that have any of them.
        for pair in pairs:
            asked = Query.boolean_query([(Occur.Must, these), (Occur.Must, self.compiler.side_by_side(pair))])
            hits = self.searcher.search(asked, len(ids), count=False).hits
            for paper, (score, _) in zip(papers_at(self.searcher, [address for _, address in hits]), hits, strict=True):
                earned[paper] += self.blend.phrase * score
        return earned

    def _loose(self, *, is_told: bool) -> Query:
        """Papers with some of the words but not all."""
        node, compiler = self.node, self.compiler
        assert isinstance(node, All)
        plain = [inner for inner in node.nodes if _is_plain(inner)]
        some = any_of(compiler.some_of(plain))
        others = tuple(inner for inner in node.nodes if not _is_plain(inner))
        rest = [(Occur.Must, compiler.filter(All(others)))] if others else []
        query = with_bonus(Query.boolean_query([(Occur.Must, some), *rest]), compiler.bonus(node))
        widened = [(Occur.Must, query), (Occur.MustNot, compiler.filter(node))]
        told = self._told() if is_told else None
        return Query.boolean_query([*widened, (Occur.Should, told)] if told is not None else widened)

    def _told(self) -> Query | None:
        """Words that set the first papers apart, each the weightier the more it does."""
        hits = self.searcher.search(self.compiler.ranked(self.node), TOLD_BY, count=False).hits
        texts = self.texts(papers_at(self.searcher, [address for _, address in hits]))
        words = telling(self.searcher, Counter(stem for text in texts for stem in stems(text)), TOLD_WORDS)
        if not words:
            return None
        heaviest = max(weight for _, weight in words)
        return any_of(
            [Query.boost_query(term("stem", stem), self.blend.told * weight / heaviest) for stem, weight in words]
        )


def _neighbours(node: Node | None) -> list[tuple[str, str]]:
    """Pairs of words that stand side by side in a search."""
    match node:
        case All(nodes):
            plain = [inner.words if isinstance(inner, Words) and not inner.field else None for inner in nodes]
            return [(one[-1], two[0]) for one, two in pairwise(plain) if one and two]
    return []


def _is_plain(node: Node) -> bool:
    return isinstance(node, Words | Prefix) and not node.field


def count(found: SearchResult) -> int:
    """How many papers a search found in all."""
    return int(found.count)  # type: ignore[attr-defined] # missing in Tantivy's stubs only


def papers_at(searcher: Searcher, addresses: list[DocAddress]) -> list[int]:
    """The numbers of the papers that stand at some places of the index."""
    return [int(paper) for paper in searcher.fast_field_values("paper", addresses) if paper is not None]
