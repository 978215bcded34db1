"""Papers like a paper, by the words that set it apart."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from math import log, sqrt

from tantivy import FieldType, Occur, Query, Searcher

from papersite.catalogue.search.by_meaning import reordered
from papersite.catalogue.search.queries import any_of, term
from papersite.catalogue.search.reading import Reader, reader
from papersite.catalogue.search.schema import days, schema
from papersite.catalogue.search.words import LITTLE, stem, stems

# The words that say most of what a paper is about; more cost time and find the same.
TERMS = 25
TITLE_COUNTS_FOR = 5
IN_ITS_TITLE = 0.5
SHORTEST = 2
# So many are looked at once more where it is known what papers mean, and what that counts for beside the best of words.
WINDOW = 100
MEANING = 0.5
# Closeness up to here is that of any two papers of a field, and counts for nothing.
OF_A_FIELD = 0.4
_LITTLE = frozenset(stem(word) for word in LITTLE)

Closeness = Callable[[Sequence[int]], Mapping[int, float]]


def to_text(
    title: str, abstract: str, *, size: int, source: Reader | None = None, closeness: Closeness | None = None
) -> list[int]:
    """The numbers of the papers most like a text, the most alike first; the paper itself is among them.

    ``closeness`` tells how close papers are to it in meaning: the first hundred are looked at once more.
    """
    window = max(size, WINDOW) if closeness is not None else size
    scores = (source or reader()).ask(lambda searcher: _similar(searcher, title, abstract, window))
    if closeness is not None:
        scores = reordered(scores, closeness(list(scores)), MEANING)
    return sorted(scores, key=lambda paper: -scores[paper])[:size]


def to_paper(
    paper_id: int, title: str, abstract: str, *, since: date, size: int, source: Reader | None = None,
    closeness: Closeness | None = None,
) -> dict[int, float]:  # fmt: skip
    """How much the papers announced since a day are like one: 1 is as much as it is like itself. The most
    alike of them, without the paper itself; none where that is not in the index. With ``closeness`` words tell
    one half and meaning the other."""
    window = max(size, WINDOW) if closeness is not None else size
    alike = (source or reader()).ask(lambda searcher: _alike(searcher, paper_id, title, abstract, since, window))
    if closeness is None:
        return alike
    close = closeness(list(alike))
    both = {paper: (share + _share(close[paper])) / 2 if paper in close else share for paper, share in alike.items()}
    return {paper: both[paper] for paper in sorted(both, key=lambda one: -both[one])[:size]}


def _share(close: float) -> float:
    return max(0.0, (close - OF_A_FIELD) / (1 - OF_A_FIELD))


def _similar(searcher: Searcher, title: str, abstract: str, size: int) -> dict[int, float]:
    """Scores, the highest first."""
    clauses = _clauses(searcher, title, abstract)
    return {paper: score for score, paper in _found(searcher, any_of(clauses), size)} if clauses else {}


def _alike(  # noqa: PLR0917  called in one place
    searcher: Searcher, paper_id: int, title: str, abstract: str, since: date, size: int
) -> dict[int, float]:
    clauses = _clauses(searcher, title, abstract)
    if not clauses:
        return {}
    recent = Query.range_query(schema(), "day", FieldType.Integer, days(since), None)
    itself = Query.term_query(schema(), "paper", paper_id)
    among = Query.const_score_query(any_of([recent, itself]), 0.0)
    found = _found(searcher, Query.boolean_query([(Occur.Must, among), (Occur.Must, any_of(clauses))]), size + 1)
    scores = {paper: score for score, paper in found}
    own = scores.pop(paper_id, 0.0)
    return {paper: min(1.0, score / own) for paper, score in scores.items()} if own > 0 else {}


def _clauses(searcher: Searcher, title: str, abstract: str) -> list[Query]:
    in_title = stems(title)
    counts = Counter(stems(abstract))
    for one in in_title:
        counts[one] += TITLE_COUNTS_FOR
    words = telling(searcher, counts, TERMS)
    in_text = [Query.boost_query(term("stem", one), weight) for one, weight in words]
    bonus = [Query.boost_query(term("title", one), IN_ITS_TITLE * weight) for one, weight in words if one in in_title]
    return in_text + bonus


def _found(searcher: Searcher, query: Query, size: int) -> list[tuple[float, int]]:
    """Scores and papers, the highest first."""
    hits = searcher.search(query, size, count=False).hits
    papers = searcher.fast_field_values("paper", [place for _, place in hits])
    return [(score, int(paper)) for (score, _), paper in zip(hits, papers, strict=True) if paper]


def telling(searcher: Searcher, counts: Mapping[str, int], most: int) -> list[tuple[str, float]]:
    """The stems that set a text apart, often in it and in few other papers, the most telling first; each
    with how much its being there often counts for. How rare it is the search itself counts."""
    papers = searcher.num_docs
    found = []
    for one, count in counts.items():
        if len(one) < SHORTEST or one in _LITTLE:
            continue
        if held := searcher.doc_freq("stem", one):
            found.append((sqrt(count) * log(1 + papers / held), one, sqrt(count)))
    return [(one, often) for _, one, often in sorted(found, reverse=True)[:most]]
