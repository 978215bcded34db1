"""Which papers a query fits."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.search import language
from papersite.catalogue.search.matching import Document, document, matches, why
from papersite.catalogue.search.words import words as words_of


def paper(**fields: object) -> Document:
    told: dict[str, object] = {
        "identifier": "2605.29801",
        "title": "Graph networks for molecules",
        "texts": ["We train them on many molecules.", "A short summary."],
        "authors": ["Ada Byron", "Bo Díaz"],
        "categories": ["cs.LG", "q-bio.BM"],
        "topics": ["graph-learning"],
        "has_code": True,
        "announced_on": date(2026, 5, 29),
    }
    return document(**(told | fields))  # type: ignore[arg-type]


def fits(query: str, one: Document) -> bool:
    return matches(language.parse(query).node, one)


@pytest.mark.parametrize(
    "query",
    [
        "molecule", "GRAPHS network", '"graph network"', "title:graph", "author:diaz", 'author:"ada byron"',
        "cat:cs.LG", "cat:cs", "topic:graph-learning", "id:2605.29801", "has:code", "after:2026-05-29",
        "before:2026-05-30", "graph -sound", "sound OR graph", "(sound OR graph) molecule", "short",
    ],
)  # fmt: skip
def test_matches_finds(query: str) -> None:
    assert fits(query, paper())


@pytest.mark.parametrize(
    "query",
    [
        "sound", '"network graph"', '"molecules we"', "title:train", "author:byronic", 'author:"ada díaz"', "cat:cs.L",
        "cat:math", "topic:graph", "id:2605.2980", "after:2026-05-30", "before:2026-05-29", "graph -molecule", "",
    ],
)  # fmt: skip
def test_matches_leaves_out(query: str) -> None:
    assert not fits(query, paper())


def test_matches_has_code_only_where_there_is_some() -> None:
    assert not fits("has:code", paper(has_code=False))


words = st.sampled_from(["graph", "network", "molecule", "sound", "train", "code"])
queries = st.recursive(words, lambda inner: st.tuples(inner, st.sampled_from([" ", " OR "]), inner).map(
    lambda parts: f"({parts[0]}{parts[1]}{parts[2]})"), max_leaves=8)  # fmt: skip


@given(queries)
def test_not_is_the_opposite(query: str) -> None:
    assert fits(f"-({query})", paper()) is not fits(query, paper())


@given(queries)
def test_why_names_something_just_when_the_paper_fits(query: str) -> None:
    reason = why(language.parse(query).node, paper())

    assert not fits(query, paper()) or reason
    assert reason == "" or fits(reason, paper())


def test_why_is_what_the_person_wrote() -> None:
    assert why(language.parse('sound OR "graph networks"').node, paper()) == "graph networks"
    assert why(language.parse("cat:cs.LG").node, paper()) == "cat:cs.lg"


@given(st.text(max_size=200), st.text(max_size=200), st.data())
def test_words_alone_find_every_paper_that_holds_them(title: str, abstract: str, data: st.DataObject) -> None:
    held = words_of(f"{title} {abstract}") or words_of("graph")
    one = paper(title=f"{title} graph", texts=[abstract])
    query = " ".join(data.draw(st.lists(st.sampled_from(held), min_size=1, max_size=8)))

    assert fits(query[: language.MAX_LENGTH], one)


@given(st.text(max_size=100), queries)
def test_not_is_the_opposite_for_every_paper(title: str, query: str) -> None:
    one = paper(title=title, texts=["The sound of a train."])

    assert fits(f"-({query})", one) is not fits(query, one)


def test_an_exact_phrase_does_not_run_from_the_title_into_the_abstract() -> None:
    one = paper(title="Sound waves", texts=["Travel far.", "Always."])

    assert [fits(query, one) for query in ('"sound waves"', '"waves travel"', '"far always"')] == [True, False, False]
