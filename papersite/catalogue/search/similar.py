"""Papers like a paper, by the words that set it apart."""

from collections import Counter
from collections.abc import Mapping
from math import log, sqrt

from tantivy import Query, Searcher

from papersite.catalogue.search.compiling import any_of, term
from papersite.catalogue.search.reading import Reader, reader
from papersite.catalogue.search.words import LITTLE, stem, stems

# The words that say most of what a paper is about; more cost time and find the same.
TERMS = 25
TITLE_COUNTS_FOR = 5
IN_ITS_TITLE = 0.5
SHORTEST = 2
_LITTLE = frozenset(stem(word) for word in LITTLE)


def to_text(title: str, abstract: str, *, size: int, source: Reader | None = None) -> list[int]:
    """The numbers of the papers most like a text, the most alike first; the paper itself is among them."""
    return (source or reader()).ask(lambda searcher: _similar(searcher, title, abstract, size))


def _similar(searcher: Searcher, title: str, abstract: str, size: int) -> list[int]:
    in_title = stems(title)
    counts = Counter(stems(abstract))
    for one in in_title:
        counts[one] += TITLE_COUNTS_FOR
    words = telling(searcher, counts, TERMS)
    if not words:
        return []
    clauses = [Query.boost_query(term("text", one), weight) for one, weight in words]
    clauses += [
        Query.boost_query(term("title", one), IN_ITS_TITLE * weight) for one, weight in words if one in in_title
    ]
    hits = searcher.search(any_of(clauses), size, count=False).hits
    return [int(paper) for paper in searcher.fast_field_values("paper", [place for _, place in hits]) if paper]


def telling(searcher: Searcher, counts: Mapping[str, int], most: int) -> list[tuple[str, float]]:
    """The stems that set a text apart, often in it and in few other papers, the most telling first; each
    with how much its being there often counts for. How rare it is the search itself counts."""
    papers = searcher.num_docs
    found = []
    for one, count in counts.items():
        if len(one) < SHORTEST or one in _LITTLE:
            continue
        if held := searcher.doc_freq("text", one):
            found.append((sqrt(count) * log(1 + papers / held), one, sqrt(count)))
    return [(one, often) for _, one, often in sorted(found, reverse=True)[:most]]
