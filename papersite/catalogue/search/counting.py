"""How a search's papers spread over topics, categories, time and code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tantivy import Searcher

from papersite.catalogue.search.compiling import Compiler
from papersite.catalogue.search.language import All, Announced, Node
from papersite.catalogue.search.queries import EVERYTHING
from papersite.catalogue.search.reading import Reader, reader
from papersite.catalogue.search.relevance import count
from papersite.catalogue.search.schema import days

SHOWN = 12
# Days back from today, each with its name.
TIMES = ((1, "since yesterday"), (7, "in 7 days"), (31, "in a month"), (366, "in a year"))


@dataclass(frozen=True, slots=True)
class Counts:
    """Papers by topic slug and by category code, the most first; with code; and since some days."""

    topics: list[tuple[str, int]]
    categories: list[tuple[str, int]]
    with_code: int
    since: list[tuple[date, str, int]]


def counts(node: Node | None, today: date, source: Reader | None = None) -> Counts:
    """Raises Unavailable where there is no index."""
    return (source or reader()).ask(lambda searcher: _counts(searcher, node, today))


def since(nodes: Sequence[Node | None], day: date, source: Reader | None = None) -> list[int]:
    """How many papers that were announced from a day on each search finds; nothing asked for finds none.

    Raises Unavailable where there is no index.
    """
    return (source or reader()).ask(lambda searcher: [_since(searcher, node, day) for node in nodes])


def _since(searcher: Searcher, node: Node | None, day: date) -> int:
    if node is None:
        return 0
    query = Compiler(searcher).filter(All((node, Announced("after", day))))
    return count(searcher.search(query, 1))


def _counts(searcher: Searcher, node: Node | None, today: date) -> Counts:
    query = Compiler(searcher).filter(node) if node is not None else EVERYTHING
    begins = [today - timedelta(days=back) for back, _ in TIMES]
    found = searcher.aggregate(
        query,
        {
            "topics": {"terms": {"field": "topic", "size": SHOWN}},
            "categories": {"terms": {"field": "category", "size": SHOWN}},
            "code": {"terms": {"field": "code"}},
            "days": {"range": {"field": "day", "ranges": _ranges(begins)}},
        },
    )
    with_code = sum(bucket["doc_count"] for bucket in found["code"]["buckets"] if bucket["key"])
    by_range = {int(bucket["from"]): bucket["doc_count"] for bucket in found["days"]["buckets"] if "from" in bucket}
    since = [
        (begin, name, sum(count for start, count in by_range.items() if start >= days(begin)))
        for begin, (_, name) in zip(begins, TIMES, strict=True)
    ]
    return Counts(_pairs(found["topics"]), _pairs(found["categories"]), with_code, since)


def _ranges(begins: list[date]) -> list[dict[str, int]]:
    """Times that do not overlap, the newest without an end; Tantivy takes no others."""
    ends: list[date | None] = [None, *begins[:-1]]
    return [
        {"from": days(begin)} | ({"to": days(end)} if end is not None else {})
        for begin, end in zip(begins, ends, strict=True)
    ]


def _pairs(terms: dict[str, Any]) -> list[tuple[str, int]]:
    return [(bucket["key"], bucket["doc_count"]) for bucket in terms["buckets"]]
