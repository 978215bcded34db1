"""Which papers a search finds, in which order, page by page."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import exp

from tantivy import DocAddress, FieldType, Occur, Query, Searcher, SearchResult

from papersite.catalogue import trending
from papersite.catalogue.models import Paper
from papersite.catalogue.search import language
from papersite.catalogue.search.compiling import (
    EVERYTHING,
    WEIGHTS,
    Compiler,
    Weights,
    any_of,
    asked_for,
    spelt,
    term,
    with_bonus,
)
from papersite.catalogue.search.language import All, AnyOf, Node, Prefix, Words
from papersite.catalogue.search.reading import Reader, reader
from papersite.catalogue.search.schema import heat_of, schema
from papersite.catalogue.search.similar import telling
from papersite.catalogue.search.words import stems

PAGE_SIZE = 20
# By relevance nobody reads further, and each page costs more than the one before.
DEEPEST = 10_000
# So many papers are looked at a second time, for phrases, heat and freshness.
WINDOW = 100
MOST_PAIRS = 8
# A search that found little is asked again with the words that set its first papers apart.
TOLD_BY = 5
TOLD_WORDS = 20


def texts_of(paper_ids: list[int]) -> list[str]:
    """What papers say, in the order of their numbers."""
    rows = Paper.objects.filter(pk__in=paper_ids).order_by("pk").values_list("title", "abstract", "summary")
    return ["\n".join(row) for row in rows]


class NoSuchPage(Exception):
    """A page that this search does not have."""


@dataclass(frozen=True, slots=True)
class Blend:
    """What moves a paper besides its words."""

    phrase: float = 0.4
    told: float = 0.5
    heat: float = 0.1
    """The hottest papers of today count for so much more than old ones."""
    fades_in: float = 6000.0
    """Hours, weekends left out: after so long it is a third of that."""


BLEND = Blend()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of what was found."""

    paper_ids: list[int]
    total: int
    """Papers that fit as asked."""
    loose_from: int | None = None
    """From this place on the page holds papers that have only some of the words."""
    after: str = ""
    """What asks for the next page, "" where there is none."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search of the site, ready to be asked for its pages."""

    query: language.Query
    now: datetime
    weights: Weights = WEIGHTS
    blend: Blend = BLEND
    texts: Callable[[list[int]], list[str]] = texts_of
    source: Reader | None = None

    @property
    def sort(self) -> str:
        """The order asked for; without words there is nothing to be relevant to."""
        wanted = self.query.sort or "relevance"
        has_words = any(True for _ in asked_for(self.query.node)) or _has_prefix(self.query.node)
        return wanted if has_words or wanted != "relevance" else "hot"

    def page(self, after: str = "", size: int = PAGE_SIZE) -> Page:
        """Raises NoSuchPage, and Unavailable where there is no index."""
        sort, place = self._place(after)
        if sort == "relevance":
            return self._ask(lambda searcher: _relevant(searcher, self, place or 0, size))
        return self._ask(lambda searcher: _ordered(searcher, self.query.node, sort, place, size))

    def _ask[Answer](self, question: Callable[[Searcher], Answer]) -> Answer:
        return (self.source or reader()).ask(question)

    def _place(self, after: str) -> tuple[str, int | None]:
        """The order, and where in it the page begins."""
        if not after:
            return self.sort, None
        sort, _, number = after.partition("-")
        if sort != self.sort or not re.fullmatch("-?[0-9]{1,19}", number) or abs(int(number)) >= 1 << 63:
            raise NoSuchPage
        if sort == "relevance" and not 0 < int(number) < DEEPEST:
            raise NoSuchPage
        return sort, int(number)


def _ordered(searcher: Searcher, node: Node | None, field: str, place: int | None, size: int) -> Page:
    """By one number, the highest first, from below ``place``. A page costs the same however deep it lies."""
    query = Compiler(searcher).filter(node) if node is not None else EVERYTHING
    below = query
    if place is not None:
        begins = Query.range_query(schema(), field, FieldType.Integer, None, place, include_upper=False)
        below = Query.boolean_query([(Occur.Must, query), (Occur.Must, begins)])
    found = searcher.search(below, size + 1, count=place is None, order_by_field=field)
    total = _count(found if place is None else searcher.search(query, 1))
    hits = found.hits[:size]
    ids = _papers(searcher, [address for _, address in hits])
    return Page(ids, total, after=f"{field}-{hits[-1][0]}" if len(found.hits) > size else "")


def _relevant(searcher: Searcher, search: Search, offset: int, size: int) -> Page:
    """By their words, then by phrases, heat and freshness; after the papers that have every word
    those that have some of them."""
    node = search.query.node
    assert node is not None
    compiler = Compiler(searcher, weights=search.weights)
    ids, total = _ranked(searcher, search, compiler.ranked(node), offset, size)
    may_be_loosened = _may_be_loosened(node)
    if len(ids) < size and may_be_loosened:
        return _with_loose(compiler, search, Page(ids, total), offset, size)
    end = offset + size
    has_more = end < total or (end == total and may_be_loosened and _has_loose(compiler, search))
    return Page(ids, total, after=f"relevance-{end}" if has_more and end < DEEPEST else "")


def _with_loose(compiler: Compiler, search: Search, strict: Page, offset: int, size: int) -> Page:
    """A page that papers with some of the words fill up."""
    query = _loose(compiler, search)
    loose, _ = _ranked(compiler.searcher, search, query, max(0, offset - strict.total), size - len(strict.paper_ids))
    end = offset + size
    return Page(
        strict.paper_ids + loose,
        strict.total,
        loose_from=len(strict.paper_ids) if loose else None,
        after=f"relevance-{end}" if len(loose) == size - len(strict.paper_ids) and end < DEEPEST else "",
    )


def _has_loose(compiler: Compiler, search: Search) -> bool:
    return bool(compiler.searcher.search(_loose(compiler, search), 1, count=False).hits)


def _ranked(searcher: Searcher, search: Search, query: Query, offset: int, size: int) -> tuple[list[int], int]:
    """Papers from ``offset`` on, and how many there are. The order is refined window by window, so
    that every page sees the same one."""
    ids: list[int] = []
    total = 0
    while len(ids) < size:
        window = (offset + len(ids)) // WINDOW * WINDOW
        found = searcher.search(query, WINDOW, offset=window)
        total = _count(found)
        refined = _refined(searcher, search, found.hits)
        begin = offset + len(ids) - window
        ids += refined[begin : begin + size - len(ids)]
        if len(found.hits) < WINDOW or begin >= len(refined):
            break
    return ids, total


def _refined(searcher: Searcher, search: Search, hits: list[tuple[float, DocAddress]]) -> list[int]:
    """The same papers by the whole blend."""
    blend = search.blend
    addresses = [address for _, address in hits]
    ids = _papers(searcher, addresses)
    bonus = _phrases(searcher, search, ids) if len(ids) > 1 else {}
    now = trending.hours(search.now)
    scores = {}
    for (score, _), paper, place in zip(hits, ids, searcher.fast_field_values("hot", addresses), strict=True):
        age = max(0.0, now - heat_of(int(place or 0)))
        scores[paper] = (score + bonus.get(paper, 0.0)) * (1 + blend.heat * exp(-age / blend.fades_in))
    return sorted(ids, key=lambda paper: (-scores[paper], -paper))


def _phrases(searcher: Searcher, search: Search, ids: list[int]) -> dict[int, float]:
    """What papers earn for holding the words side by side, as they were asked for."""
    pairs = list(dict.fromkeys(_neighbours(search.query.node)))[:MOST_PAIRS]
    if not pairs or not search.blend.phrase:
        return {}
    # Tantivy has a query for a set of terms: for a hundred of them it takes five times as long.
    these = Query.const_score_query(any_of([Query.term_query(schema(), "paper", paper) for paper in ids]), 0.0)
    earned: dict[int, float] = defaultdict(float)
    # One after the other: together, Tantivy would look through all papers that have any of them.
    for pair in pairs:
        asked = Query.boolean_query([(Occur.Must, these), (Occur.Must, spelt("text", pair))])
        hits = searcher.search(asked, len(ids), count=False).hits
        for paper, (score, _) in zip(_papers(searcher, [address for _, address in hits]), hits, strict=True):
            earned[paper] += search.blend.phrase * score
    return earned


def _neighbours(node: Node | None) -> list[tuple[str, str]]:
    """Pairs of words that stand side by side in a search."""
    match node:
        case All(nodes):
            plain = [inner.words if isinstance(inner, Words) and not inner.field else None for inner in nodes]
            return [(one[-1], two[0]) for one, two in pairwise(plain) if one and two]
    return []


def _may_be_loosened(node: Node) -> bool:
    """Whether a search may be asked for some of its words: two or more, and nothing else but filters."""
    if not isinstance(node, All):
        return False
    is_simple = all(_is_plain(inner) or not isinstance(inner, All | AnyOf) for inner in node.nodes)
    return is_simple and sum(_is_plain(inner) for inner in node.nodes) >= 2


def _is_plain(node: Node) -> bool:
    return isinstance(node, Words | Prefix) and not node.field


def _loose(compiler: Compiler, search: Search) -> Query:
    """Papers with some of the words but not all, ranked with the help of what the first of them say."""
    node = search.query.node
    assert isinstance(node, All)
    plain = any_of([compiler.filter(inner) for inner in node.nodes if _is_plain(inner)])
    others = tuple(inner for inner in node.nodes if not _is_plain(inner))
    rest = [(Occur.Must, compiler.filter(All(others)))] if others else []
    query = with_bonus(Query.boolean_query([(Occur.Must, plain), *rest]), compiler.title_bonus(node))
    told = _told(compiler.searcher, search, query) if search.blend.told else None
    widened = [(Occur.Must, query), (Occur.MustNot, compiler.filter(node))]
    return Query.boolean_query([*widened, (Occur.Should, told)] if told is not None else widened)


def _told(searcher: Searcher, search: Search, query: Query) -> Query | None:
    """Words that set the first papers apart, each the weightier the more it does."""
    hits = searcher.search(query, TOLD_BY, count=False).hits
    texts = search.texts(_papers(searcher, [address for _, address in hits]))
    words = telling(searcher, Counter(stem for text in texts for stem in stems(text)), TOLD_WORDS)
    if not words:
        return None
    heaviest = max(weight for _, weight in words)
    return any_of(
        [Query.boost_query(term("text", stem), search.blend.told * weight / heaviest) for stem, weight in words]
    )


def _has_prefix(node: Node | None) -> bool:
    match node:
        case Prefix(field=""):
            return True
        case All(nodes) | AnyOf(nodes):
            return any(_has_prefix(inner) for inner in nodes)
    return False


def _count(found: SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined] # missing in Tantivy's stubs only


def _papers(searcher: Searcher, addresses: list[DocAddress]) -> list[int]:
    return [int(paper) for paper in searcher.fast_field_values("paper", addresses) if paper is not None]
