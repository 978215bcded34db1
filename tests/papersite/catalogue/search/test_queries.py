"""The small parts of queries."""

from papersite.catalogue.search.queries import EVERYTHING, NOTHING, any_of, best_of, term
from tests.papersite.catalogue.search.held import Held, record


def test_any_of_none_is_nothing_and_of_one_is_that() -> None:
    assert any_of([]) is NOTHING
    assert any_of([EVERYTHING]) is EVERYTHING


def test_the_best_of_two_counts_as_much_as_the_better_one() -> None:
    source = Held(record(1, "Graph networks"), record(2, "Graph"), record(3, "Sound"))
    one, two = term("stem", "graph"), term("stem", "network")
    alone = [source.searcher.search(query, 1).hits[0][0] for query in (best_of([one]), best_of([two]))]

    (best, _), *_ = source.searcher.search(best_of([one, two]), 3).hits

    assert best <= max(alone)
    assert best_of([one]) is one
