"""Which of these papers fit these searches."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papersite.catalogue.search import language
from papersite.catalogue.search.matching import Papers, find
from papersite.catalogue.search.schema import Record
from papersite.catalogue.search.words import words as words_of
from tests.papersite.catalogue.search.held import record

PAPER = 7


def paper(paper_id: int = PAPER, **fields: Any) -> Record:
    told: dict[str, Any] = {
        "title": "Graph networks for molecules",
        "abstract": "We train them on many molecules.",
        "summary": "A short summary.",
        "authors": ["Ada Byron", "Bo Díaz"],
        "categories": ["cs.LG", "q-bio.BM"],
        "topics": ["graph-learning"],
        "identifiers": ["2605.29801", "10.1000/xyz", f"p{paper_id}"],
        "has_code": True,
        "announced_at": datetime(2026, 5, 29, 23, 59, tzinfo=UTC),
    }
    return record(paper_id, **(told | fields))


def fits(query: str, one: Record, *, names: bool = True) -> bool:
    return find({"asked": language.parse(query)}, [one], names=names) == {"asked": {one.paper_id}}


def why(query: str, one: Record) -> str:
    return Papers([one]).why(language.parse(query).node, one.paper_id)


@pytest.mark.parametrize(
    "query",
    [
        "molecule", "GRAPHS network", '"graph networks"', "title:graph", "author:diaz", 'author:"ada byron"', "byron",
        "cat:cs.LG", "cat:cs", "topic:graph-learning", "id:2605.29801", "id:10.1000/XYZ", "id:p7", "has:code",
        "after:2026-05-29", "before:2026-05-30", "after:2026-05 before:2026-06", "graph -sound", "sound OR graph",
        "(sound OR graph) molecule", "short", "mole*", "title:mole*", "author:byr*", "byr*", "-sound", "graph byron",
        "how to train", '"ada byron"',
    ],
)  # fmt: skip
def test_find_finds(query: str) -> None:
    assert fits(query, paper())


@pytest.mark.parametrize(
    "query",
    [
        "sound", '"network graph"', '"molecules we"', "title:train", "author:byronic", 'author:"ada díaz"', "cat:cs.L",
        "cat:math", "topic:graph", "id:2605.2980", "after:2026-05-30", "before:2026-05-29", "graph -molecule", "",
        "title:summ*", "author:mole*", "sort:new", "-graph", "title:byron",
    ],
)  # fmt: skip
def test_find_leaves_out(query: str) -> None:
    assert not fits(query, paper())


def test_find_answers_every_search_by_its_key() -> None:
    searches = {name: language.parse(name) for name in ("graph", "sound", "", "graph OR sound")}
    papers = [paper(1), paper(2, title="Sound", abstract="", summary=""), paper(3, title="Other", abstract="")]

    assert find(searches, papers) == {"graph": {1}, "sound": {2}, "": set(), "graph OR sound": {1, 2}}


def test_find_among_no_papers_finds_none() -> None:
    assert find({1: language.parse("-graph")}, []) == {1: set()}


def test_names_are_no_words_where_only_the_subject_counts() -> None:
    assert not fits("byron", paper(), names=False)
    assert not fits("byr*", paper(), names=False)
    assert fits("author:byron", paper(), names=False)


def test_find_has_code_only_where_there_is_some() -> None:
    assert not fits("has:code", paper(has_code=False))


words = st.sampled_from(["graph", "network", "molecule", "sound", "train", "code"])
queries = st.recursive(words, lambda inner: st.tuples(inner, st.sampled_from([" ", " OR "]), inner).map(
    lambda parts: f"({parts[0]}{parts[1]}{parts[2]})"), max_leaves=8)  # fmt: skip
KNOWN = Papers([paper()])


def fit(query: str) -> bool:
    return KNOWN.fitting(language.parse(query).node) == {PAPER}


@given(queries)
def test_not_is_the_opposite(query: str) -> None:
    assert fit(f"-({query})") is not fit(query)


@given(queries, queries)
def test_or_is_either_and_a_space_is_both(one: str, two: str) -> None:
    assert fit(f"({one}) OR ({two})") is (fit(one) or fit(two))
    assert fit(f"({one}) ({two})") is (fit(one) and fit(two))


@given(queries)
def test_why_names_something_just_when_the_paper_fits(query: str) -> None:
    reason = KNOWN.why(language.parse(query).node, PAPER)

    assert not fit(query) or reason
    assert reason == "" or fit(reason)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ('sound OR "graph networks"', "graph networks"), ("cat:cs.LG", "cat:cs.lg"), ("mole*", "mole*"),
        ("GRAPHS", "GRAPHS"), ("-sound", ""), ("sound", ""), ("", ""),
    ],
)  # fmt: skip
def test_why_is_what_the_person_wrote(query: str, reason: str) -> None:
    assert why(query, paper()) == reason


@pytest.mark.long
@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), st.data())
def test_words_alone_find_every_paper_that_holds_them(title: str, abstract: str, data: st.DataObject) -> None:
    held = words_of(f"{title} {abstract}") or words_of("graph")
    one = paper(title=f"{title} graph", abstract=abstract)
    query = " ".join(data.draw(st.lists(st.sampled_from(held), min_size=1, max_size=8)))

    assert fits(query[: language.MAX_LENGTH], one)


@pytest.mark.long
@settings(max_examples=40, deadline=None)
@given(st.text(max_size=100), queries)
def test_not_is_the_opposite_for_every_paper(title: str, query: str) -> None:
    one = paper(title=title, abstract="The sound of a train.")

    assert fits(f"-({query})", one) is not fits(query, one)


def test_an_exact_phrase_does_not_run_from_the_title_into_the_abstract() -> None:
    one = paper(title="Sound waves", abstract="Travel far.", summary="Always.")

    assert [fits(query, one) for query in ('"sound waves"', '"waves travel"', '"far always"')] == [True, False, False]
