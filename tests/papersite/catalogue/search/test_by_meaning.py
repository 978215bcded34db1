"""Searches for what is meant, and the order by words and meaning together."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.search import by_meaning, language
from papersite.catalogue.search.by_meaning import NO_MODEL, reordered, resolved
from papersite.catalogue.search.finding import Search
from papersite.catalogue.search.language import Meaning
from tests.conftest import examples
from tests.factories import NOW
from tests.papersite.catalogue.search.held import Held, no_texts, record


class Model:
    """One that knows how close papers are to anything."""

    def __init__(self, close: dict[int, float]) -> None:
        self.close = close
        self.asked: list[str] = []

    def closeness(self, text: str, paper_ids: Sequence[int]) -> dict[int, float]:
        self.asked.append(text)
        return {one: self.close[one] for one in paper_ids if one in self.close}

    def closest(self, text: str, size: int) -> list[tuple[int, float]]:
        self.asked.append(text)
        return sorted(self.close.items(), key=lambda pair: -pair[1])[:size]

    def closeness_to_paper(self, paper_id: int, paper_ids: Sequence[int]) -> dict[int, float]:
        return self.closeness("", paper_ids)


SOURCE = Held(
    record(1, "Graph networks", categories=["cs.LG"]), record(2, "Graph networks too", categories=["cs.CL"]),
    record(3, "Graphs of a network", has_code=True), record(4, "Speech"), record(5, "Sound", heat=2000.0),
)  # fmt: skip


def page(text: str, model: Model | None, after: str = "", size: int = 20) -> list[int]:
    query = resolved(language.parse(text), model)
    return Search(query, NOW, texts=no_texts, source=SOURCE, model=model).page(after, size).paper_ids


def test_papers_with_the_words_are_ordered_by_meaning_too() -> None:
    assert page("graph networks", Model({1: 0.1, 2: 0.2, 3: 0.9}))[0] == 3
    assert page("graph networks", Model({1: 0.9, 2: 0.2, 3: 0.1}))[0] == 1
    assert set(page("graph networks", Model({5: 1.0}))) == {1, 2, 3}


@pytest.mark.parametrize("text", ["cat:cs.LG", "graph sort:new", "graph sort:hot", "has:code", "author:ada", "-graph"])
def test_what_is_exact_asks_no_model(text: str) -> None:
    model = Model({1: 1.0})
    assert page(text, model) == page(text, None)
    assert not model.asked


def test_the_model_is_asked_for_the_sentence_without_its_fields() -> None:
    model = Model({1: 1.0, 2: 0.0})
    page('how do "graph networks" learn cat:cs -speech sort:relevance', model)

    assert set(model.asked) == {"how do graph networks learn"}


def test_meaning_finds_papers_that_have_none_of_the_words() -> None:
    model = Model({4: 0.8, 5: 0.7, 1: 0.1})

    assert page('meaning:"what people say aloud"', model) == [4, 5, 1]
    assert page("meaning:voices", model, size=2) == [4, 5]
    assert page("meaning:voices", model, "relevance-2", size=2) == [1]


def test_filters_and_orders_hold_for_what_is_meant() -> None:
    model = Model({3: 0.9, 4: 0.8, 5: 0.7, 2: 0.3, 1: 0.2})

    assert page("meaning:voices has:code", model) == [3]
    assert page("meaning:voices cat:cs", model) == [2, 1]
    assert page("meaning:voices -speech", model) == [3, 5, 2, 1]
    assert page("meaning:voices graph", model) == [3, 2, 1]
    assert page("meaning:voices sort:hot", model)[0] == 5


def test_without_a_model_its_words_do_the_work_and_it_is_said() -> None:
    query = resolved(language.parse('meaning:"graph networks" cat:cs'), None)

    assert query.problems == (NO_MODEL,)
    assert page('meaning:"graph networks" cat:cs', None) == page("graph networks cat:cs", None)
    assert page("meaning:speech", Model({})) == [4]


def test_meaning_that_asks_for_nothing_is_left_out_and_named() -> None:
    assert language.parse("meaning:…").problems == ("“meaning:” asks for nothing.",)
    assert language.parse('meaning:"a b" c').node == language.All((Meaning("a b"), language.parse("c").node))  # type: ignore[arg-type]


def test_a_search_without_it_stays_as_it_is() -> None:
    query = language.parse("graph (a OR b) -c")
    assert resolved(query, Model({1: 1.0})) is query


scores = st.dictionaries(st.integers(1, 30), st.floats(0, 100), max_size=12)


@examples(100)
@given(scores, st.dictionaries(st.integers(1, 30), st.floats(-1, 1), max_size=12))
def test_reordering_keeps_every_paper_and_nothing_moves_without_vectors(
    found: dict[int, float], close: dict[int, float]
) -> None:
    assert reordered(found, close, 1.0).keys() == found.keys()
    assert reordered(found, {}, 1.0) == found
    assert reordered(found, close, 0.0) == found


def test_a_paper_without_a_vector_counts_as_one_in_the_middle() -> None:
    found = reordered({1: 1.0, 2: 1.0, 3: 1.0}, {1: 0.9, 3: 0.1, 4: 0.5}, 1.0)

    assert sorted(found, key=lambda paper: -found[paper]) == [1, 2, 3]


def test_so_many_are_the_answer() -> None:
    model = Model({number: 1 / number for number in range(1, 400)})
    assert len(resolved(language.parse("meaning:voices"), model).node.paper_ids) == by_meaning.FOUND  # type: ignore[union-attr]
