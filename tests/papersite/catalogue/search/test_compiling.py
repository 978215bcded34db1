"""From a query's tree to what the index is asked."""

from typing import Any

import pytest

from papersite.catalogue.search import language
from papersite.catalogue.search.compiling import COMPLETIONS, EVERYTHING, NOTHING, Compiler, Weights, any_of, asked_for
from papersite.catalogue.search.language import Words
from tests.papersite.catalogue.search.held import Held, record


def scores(source: Held, query: str, *, ranked: bool = False, **options: Any) -> dict[int, float]:
    """What each paper found earns."""
    compiler = Compiler(source.searcher, **options)
    node = language.parse(query).node
    assert node is not None
    hits = source.searcher.search(compiler.ranked(node) if ranked else compiler.filter(node), 100).hits
    papers = source.searcher.fast_field_values("paper", [place for _, place in hits])
    return {int(paper or 0): score for paper, (score, _) in zip(papers, hits, strict=True)}


SPELT = Held(record(1, "Optimizing behavior"), record(2, "Optimising behaviour"), record(3, "Other things"))


@pytest.mark.parametrize("query", ["optimizing", "optimising", "behaviour", '"optimizing behavior"', "title:optimise"])
def test_both_spellings_find_both_papers(query: str) -> None:
    assert set(scores(SPELT, query)) == {1, 2}


def test_a_prefix_finds_every_form_of_every_word_that_begins_so() -> None:
    source = Held(
        record(1, "Neural networks"),
        record(2, "Neurons"),
        record(3, "A net", abstract="of neurons"),
        record(4, "Newer"),
    )

    assert set(scores(source, "neur*")) == {1, 2, 3}
    assert set(scores(source, "title:neur*")) == {1, 2}
    assert set(scores(source, "neurons*")) == {2, 3}


def test_a_prefix_of_a_name_finds_the_paper_unless_names_are_no_words() -> None:
    source = Held(record(1, "Graphs", authors=["Geoffrey Hinton"]), record(2, "Hints"))

    assert set(scores(source, "hint*")) == {1, 2}
    assert set(scores(source, "hint*", names=False)) == {2}


def test_a_prefix_of_too_many_words_is_as_many_as_are_commonest() -> None:
    # Of each number of papers one more word, the commonest last.
    rare, common = COMPLETIONS + 5, 10
    records = [record(number, f"word{number:03}") for number in range(1, rare + 1)]
    records += [record(rare + number, "wordy") for number in range(1, common + 1)]

    assert {rare + number for number in range(1, common + 1)} <= set(scores(Held(*records), "word*"))


def test_filters_alone_earn_nothing() -> None:
    source = Held(record(1, "Graphs", categories=["cs.LG"], topics=["graphs"], has_code=True, identifiers=["x1"]))

    for query in ("cat:cs.LG", "cat:cs", "topic:graphs", "has:code", "id:x1", "after:2020", "before:2030", "-sound"):
        assert scores(source, query) == {1: 0.0}


def test_filters_leave_the_score_of_words_as_it_is() -> None:
    source = Held(record(1, "Graphs", has_code=True), record(2, "Sound"))

    assert scores(source, "graphs has:code -sound") == pytest.approx(scores(source, "graphs"))


def test_ranked_finds_the_same_papers_and_gives_more_for_a_title() -> None:
    source = Held(record(1, "Graphs"), record(2, "Other", abstract="Graphs"))
    plain, ranked = scores(source, "graphs"), scores(source, "graphs", ranked=True)

    assert set(ranked) == set(plain) == {1, 2}
    assert ranked[1] > plain[1]
    assert ranked[2] == pytest.approx(plain[2])


def test_weights_say_how_much_more() -> None:
    source = Held(record(1, "Graphs"), record(2, "Other"))
    plain = scores(source, "graphs")[1]
    light = scores(source, "graphs", ranked=True, weights=Weights(title=1.0))[1] - plain
    heavy = scores(source, "graphs", ranked=True, weights=Weights(title=3.0))[1] - plain

    assert heavy == pytest.approx(3 * light, rel=1e-4)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("cat dog", ["cat", "dog"]),
        ("cat -dog", ["cat"]),
        ("cat OR (dog -bird)", ["cat", "dog"]),
        ("title:cat author:dog neur*", []),
        ("", []),
    ],
)
def test_asked_for_are_the_words_that_are_wanted_anywhere(query: str, wanted: list[str]) -> None:
    assert list(asked_for(language.parse(query).node)) == [Words((word,), word) for word in wanted]


def test_any_of_none_is_nothing_and_of_one_is_that() -> None:
    assert any_of([]) is NOTHING
    assert any_of([EVERYTHING]) is EVERYTHING


@pytest.mark.parametrize("query", ["-a -b", "-(a OR b)", "-after:2026 -cat:cs", "--a", "-(-graphs)"])
def test_leaving_out_alone_is_from_all_papers(query: str) -> None:
    assert set(scores(Held(record(1, "Graphs", announced_at=OLD)), query)) == {1}


OLD = record().announced_at.replace(year=2025)
