"""Which papers a search finds, in which order, page by page."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tantivy import FieldType, Occur, Query, Searcher

from papersite.catalogue.meaning import site
from papersite.catalogue.meaning.site import Meaning as Model
from papersite.catalogue.models import Paper
from papersite.catalogue.search import by_meaning, language
from papersite.catalogue.search.compiling import WEIGHTS, Compiler, Weights, asked_for
from papersite.catalogue.search.language import All, AnyOf, Meaning, Node, Prefix
from papersite.catalogue.search.queries import EVERYTHING
from papersite.catalogue.search.reading import Reader, reader
from papersite.catalogue.search.relevance import BLEND, Blend, Ranking, count, papers_at
from papersite.catalogue.search.schema import schema

PAGE_SIZE = 20
# By relevance nobody reads further, and each page costs more than the one before.
DEEPEST = 10_000


def texts_of(paper_ids: list[int]) -> list[str]:
    """What papers say, in the order of their numbers."""
    rows = Paper.objects.filter(pk__in=paper_ids).order_by("pk").values_list("title", "abstract", "summary")
    return ["\n".join(row) for row in rows]


class NoSuchPage(Exception):
    """A page that this search does not have."""


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
    model: Model | None = field(default_factory=site.in_search)

    @property
    def sort(self) -> str:
        """The order asked for; without words there is nothing to be relevant to."""
        wanted = self.query.sort or "relevance"
        has_words = any(True for _ in asked_for(self.query.node)) or _has_prefix(self.query.node)
        return wanted if has_words or wanted != "relevance" else "hot"

    def closeness(self, paper_ids: list[int]) -> Mapping[int, float]:
        """How close papers are to what was typed as a sentence; nothing where that is no more than a name."""
        return self.model.closeness(self.query.plain, paper_ids) if self.model and self.query.plain else {}

    def page(self, after: str = "", size: int = PAGE_SIZE) -> Page:
        """Raises NoSuchPage, and Unavailable where there is no index."""
        sort, place = self._place(after)
        if sort == "relevance" and (ids := by_meaning.closest_first(self.query.node)):
            return self._ask(lambda searcher: _closest(searcher, self.query.node, ids, place or 0, size))
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


def among(nodes: Sequence[Node | None], paper_ids: Sequence[int], source: Reader | None = None) -> list[set[int]]:
    """Which of these papers each search finds; nothing asked for finds none. Raises Unavailable where
    there is no index."""
    these = Query.term_set_query(schema(), "paper", list(paper_ids))
    return (source or reader()).ask(lambda searcher: [_among(searcher, node, these, len(paper_ids)) for node in nodes])


def _among(searcher: Searcher, node: Node | None, these: Query, size: int) -> set[int]:
    if node is None or not size:
        return set()
    both = Query.boolean_query([(Occur.Must, these), (Occur.Must, Compiler(searcher).filter(node))])
    hits = searcher.search(both, size, count=False, order_by_field="hot").hits
    return set(papers_at(searcher, [address for _, address in hits]))


def _ordered(searcher: Searcher, node: Node | None, field: str, place: int | None, size: int) -> Page:
    """By one number, the highest first, from below ``place``. A page costs the same however deep it lies."""
    query = Compiler(searcher).filter(node) if node is not None else EVERYTHING
    below = query
    if place is not None:
        begins = Query.range_query(schema(), field, FieldType.Integer, None, place, include_upper=False)
        below = Query.boolean_query([(Occur.Must, query), (Occur.Must, begins)])
    found = searcher.search(below, size + 1, count=place is None, order_by_field=field)
    total = count(found if place is None else searcher.search(query, 1))
    hits = found.hits[:size]
    ids = papers_at(searcher, [address for _, address in hits])
    return Page(ids, total, after=f"{field}-{hits[-1][0]}" if len(found.hits) > size else "")


def _closest(searcher: Searcher, node: Node | None, ids: Sequence[int], offset: int, size: int) -> Page:
    """A page of what was meant, the closest first; what does not fit the rest of the search is left out."""
    fitting = _among(searcher, node, Query.term_set_query(schema(), "paper", list(ids)), len(ids))
    kept = [paper for paper in ids if paper in fitting][: by_meaning.FOUND]
    end = offset + size
    return Page(kept[offset:end], len(kept), after=f"relevance-{end}" if end < len(kept) else "")


def _relevant(searcher: Searcher, search: Search, offset: int, size: int) -> Page:
    """A page of papers with every word, which those with some of them fill up."""
    assert search.query.node is not None
    compiler = Compiler(searcher, weights=search.weights)
    ranking = Ranking(compiler, search.query.node, search.now, search.blend, search.texts, search.closeness)
    ids, total = ranking.strict(offset, size)
    end = offset + size
    if len(ids) == size or not ranking.may_be_loosened:
        has_more = end < total or (end == total and ranking.may_be_loosened and ranking.has_loose())
        return Page(ids, total, after=f"relevance-{end}" if has_more and end < DEEPEST else "")
    loose = ranking.loose(max(0, offset - total), size - len(ids), is_filling=total > 0)
    has_more = len(ids) + len(loose) == size
    return Page(
        ids + loose,
        total,
        loose_from=len(ids) if loose else None,
        after=f"relevance-{end}" if has_more and end < DEEPEST else "",
    )


def _has_prefix(node: Node | None) -> bool:
    match node:
        case Prefix(field="") | Meaning():
            return True
        case All(nodes) | AnyOf(nodes):
            return any(_has_prefix(inner) for inner in nodes)
    return False
