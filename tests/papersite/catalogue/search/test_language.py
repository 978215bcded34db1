"""The query language: what is understood, and that nothing breaks it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.search.language import All, Announced, AnyOf, Exact, Not, Query, Words, parse

CAT, DOG = Words(("cat",), "cat"), Words(("dog",), "dog")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("cat", CAT),
        ("cat dog", All((CAT, DOG))),
        ("cat OR dog", AnyOf((CAT, DOG))),
        ("cat dog OR dog", AnyOf((All((CAT, DOG)), DOG))),
        ("cat (dog OR cat)", All((CAT, AnyOf((DOG, CAT))))),
        ("cat -dog", All((CAT, Not(DOG)))),
        ("-(cat OR dog)", Not(AnyOf((CAT, DOG)))),
        ('"cat dog"', Words(("cat", "dog"), "cat dog")),
        ("“cat dog”", Words(("cat", "dog"), "cat dog")),
        ("cat-dog", Words(("cat", "dog"), "cat-dog")),
        ("title:cats", Words(("cat",), "cats", "title")),
        ('author:"Ada Byron"', Words(("ada", "byron"), "Ada Byron", "author")),
        ("cat:cs.LG", Exact("cat", "cs.lg")),
        ("topic:graph-learning", Exact("topic", "graph-learning")),
        ("id:2605.29801", Exact("id", "2605.29801")),
        ("has:code", Exact("has", "code")),
        ("after:2026-01-31", Announced("after", date(2026, 1, 31))),
        ("note:this", Words(("note", "this"), "note this")),
        ("or", Words(("or",), "or")),
        ("", None),
        ("OR", None),
        ("()", None),
    ],
)
def test_parse_understands(text: str, node: object) -> None:
    assert parse(text).node == node


@pytest.mark.parametrize(
    ("text", "node", "problem"),
    [
        ("cat after:yesterday", CAT, "“yesterday” is not a day; write it as 2026-01-31."),
        ("cat has:pictures", CAT, "“has:pictures” is not known; there is has:code."),
        ("(cat", CAT, "An opening bracket has no closing one."),
        ("cat)", CAT, "A closing bracket has no opening one."),
        ("cat ---", CAT, "“--” holds no word."),
    ],
)
def test_parse_leaves_out_what_it_cannot_understand_and_says_so(text: str, node: object, problem: str) -> None:
    assert parse(text) == Query(node, (problem,))  # type: ignore[arg-type]


def test_parse_stops_at_its_length_and_says_so() -> None:
    assert parse("cat " * 1000).problems == ("Only the first 2000 characters were read.",)


def test_parse_leaves_out_brackets_that_are_too_deep() -> None:
    assert "Brackets deeper than 20 were left out." in parse("(" * 50 + "cat" + ")" * 50).problems


pieces = st.sampled_from(
    ["(", ")", "-", "OR", '"', "cat", "title:", "after:", "2026-01-01", "has:code", ":", "é", "\x00"]
)


@given(st.text() | st.lists(pieces, max_size=60).map(" ".join) | st.lists(pieces, max_size=60).map("".join))
def test_parse_never_fails_and_is_the_same_each_time(text: str) -> None:
    assert parse(text) == parse(text)


@given(st.text(), st.text())
def test_parse_gives_equal_trees_for_equal_text_however_it_came_about(first: str, second: str) -> None:
    assert parse(first + second) == parse("".join([*first, *second]))
