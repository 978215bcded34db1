"""The order by relevance."""

import pytest

from papersite.catalogue import trending
from papersite.catalogue.search import language
from papersite.catalogue.search.finding import Search
from papersite.catalogue.search.relevance import Blend
from tests.factories import NOW
from tests.papersite.catalogue.search.held import Held, found, no_texts, page, record

TODAY = trending.hours(NOW)


def test_a_title_comes_before_an_abstract() -> None:
    source = Held(
        record(1, "On other things", abstract="Graphs are many."), record(2, "Graphs are many", abstract="On others."),
        record(3, "Nothing of it"),
    )  # fmt: skip

    assert found(source, "graphs") == [2, 1]


def test_all_words_come_before_some() -> None:
    source = Held(
        record(1, "Graph graph graph"), record(2, "Something long that has a graph and also a network in it somewhere"),
        record(3, "Network network"), record(4, "Sound"),
    )  # fmt: skip

    one = page(source, "graph network")

    assert (one.paper_ids[0], sorted(one.paper_ids[1:]), one.total, one.loose_from) == (2, [1, 3], 1, 1)


def test_papers_with_some_words_only_are_named_as_such() -> None:
    one = page(Held(record(1, "Graph"), record(2, "Network")), "graph network")

    assert (sorted(one.paper_ids), one.total, one.loose_from) == ([1, 2], 0, 0)


@pytest.mark.parametrize("query", ['graph "network"', "graph network has:code", "graph network -sound"])
def test_filters_hold_for_papers_with_some_words_too(query: str) -> None:
    source = Held(
        record(1, "Graph", has_code=True), record(2, "Network sound"), record(3, "Network", has_code=True),
        record(4, "Sound"),
    )  # fmt: skip
    expected = {'graph "network"': [1, 2, 3], "graph network has:code": [1, 3], "graph network -sound": [1, 3]}

    assert sorted(found(source, query)) == expected[query]


@pytest.mark.parametrize("query", ["graph OR network", "graph (sound OR network)", "graph", "title:graph network"])
def test_only_plain_words_are_loosened(query: str) -> None:
    assert page(Held(record(1, "Sounds"), record(2, "Network sound")), query).loose_from is None


def test_what_the_first_papers_say_ranks_those_with_some_words() -> None:
    texts = {1: "Graph of drawings", 2: "Graph of molecules", 3: "Graph of sounds", 4: "Graph network"}
    source = Held(*(record(number, text) for number, text in texts.items()))

    told = page(source, "graph network", texts=lambda ids: ["Molecules"] if ids == [4] else [])

    assert told.paper_ids[:2] == [4, 2]


def test_no_paper_tells_of_others_where_none_has_every_word() -> None:
    texts = {1: "Graph of drawings", 2: "Graph of molecules", 3: "Graph of sounds"}
    source = Held(*(record(number, text) for number, text in texts.items()))

    def never(ids: list[int]) -> list[str]:
        raise AssertionError(ids)

    assert page(source, "graph network", texts=never).paper_ids == [3, 2, 1]


def test_words_side_by_side_come_first() -> None:
    apart, together = "Learning is what one says of a machine", "What one says of it is machine learning"
    source = Held(record(1, together), record(2, apart), record(3, together), record(4, apart))

    assert sorted(found(source, "machine learning")[:2]) == [1, 3]


def test_among_equals_the_hotter_comes_first_and_then_the_later() -> None:
    heats = {1: TODAY - 24, 2: TODAY, 3: TODAY - 24, 4: TODAY - 5000}
    source = Held(*(record(number, "Graphs", heat=heat) for number, heat in heats.items()))

    assert found(source, "graphs") == [2, 3, 1, 4]


def test_heat_moves_no_paper_past_one_that_fits_far_better() -> None:
    source = Held(
        record(1, "Graphs", heat=TODAY - 20_000),
        record(2, "Other", abstract="One word is graphs " + "x " * 90, heat=TODAY),
    )

    assert found(source, "graphs") == [1, 2]


def test_without_the_blend_only_words_count() -> None:
    source = Held(record(1, "Graphs", heat=TODAY - 5000), record(2, "Graphs", heat=TODAY))
    search = Search(language.parse("graphs"), NOW, blend=Blend(heat=0.0), texts=no_texts, source=source)

    assert search.page().paper_ids == [2, 1]  # equal: the later one first
