"""The query language: what is understood, and that nothing breaks it."""

from datetime import date
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.search.language import (
    MAX_LOOKED_UP,
    MAX_TERMS,
    All,
    Announced,
    AnyOf,
    Exact,
    Node,
    Not,
    Prefix,
    Query,
    Words,
    parse,
)

CATS_AND_DOGS = Words(("cat", "dog"), "cat dog", is_exact=True)
CAT, DOG = Words(("cat",), "cat"), Words(("dog",), "dog")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("cat", CAT),
        ("cat dog", All((CAT, DOG))),
        ("cat et al. dog", All((CAT, DOG))),
        ("cat, et. al, dog", All((Words(("cat",), "cat,"), DOG))),
        ('"cat et al" dog', All((Words(("cat", "et", "al"), "cat et al", is_exact=True), DOG))),
        ("cat OR dog", AnyOf((CAT, DOG))),
        ("cat dog OR dog", AnyOf((All((CAT, DOG)), DOG))),
        ("cat (dog OR cat)", All((CAT, AnyOf((DOG, CAT))))),
        ("cat -dog", All((CAT, Not(DOG)))),
        ("-(cat OR dog)", Not(AnyOf((CAT, DOG)))),
        *(
            (text, CATS_AND_DOGS)
            for text in (
                '"cat dog"',
                "“cat dog”",
                "„cat dog“",
                "«cat dog»",
                "»cat dog«",
                "＂cat dog＂",
                "「cat dog」",
                "‹cat dog›",
                "〝cat dog〞",
                "‘cat dog’",
                "‚cat dog‘",
                "``cat dog''",
                '„cat dog"',
            )
        ),
        ("title:«cat dog»", Words(("cat", "dog"), "cat dog", "title", is_exact=True)),
        ("title：„cat dog“", Words(("cat", "dog"), "cat dog", "title", is_exact=True)),
        ('"cat"', Words(("cat",), "cat", is_exact=True)),
        *(
            (text, All((CAT, Not(DOG))))
            for text in (
                "cat NOT dog",
                "cat –dog",
                "cat −dog",
                "cat —dog",
                "cat AND NOT dog",
                "cat ‐dog",
                "cat ‑dog",
                "cat －dog",
                "cat　-dog",
            )
        ),
        ("cat NOT (dog OR cat)", All((CAT, Not(AnyOf((DOG, CAT)))))),
        ("(–dog cat)", All((Not(DOG), CAT))),
        ("cat –„cat dog“", All((CAT, Not(CATS_AND_DOGS)))),
        *(
            (text, All((CAT, DOG)))
            for text in ("cat AND dog", "cat – dog", "cat — dog", "cat - dog", "AND cat dog AND")
        ),
        ("cat AND dog OR dog", AnyOf((All((CAT, DOG)), DOG))),
        ("cat NOT", CAT),
        ("（cat OR dog）", AnyOf((CAT, DOG))),
        ("cat and", CAT),
        ("cat not dog", All((CAT, Words(("not",), "not"), DOG))),
        ("cat–dog", Words(("cat", "dog"), "cat–dog")),
        ("C++", Words(("cplusplus",), "C++")),
        ('"C++"', Words(("cplusplus",), "C++")),
        ("dog’s ‘cat", All((Words(("dog", "s"), "dog’s"), Words(("cat",), "‘cat")))),
        ("authors:cat", Words(("cat",), "cat", "author")),
        ("c#", Words(("csharp",), "c#")),
        (".NET", Words(("dotnet",), ".NET")),
        ("F1", Words(("f1",), "F1")),
        ("k-means++", Words(("kmeansplusplus",), "k-means++")),
        ('"C++ cat"', All((Words(("c", "cat"), "C++ cat", is_exact=True), Words(("cplusplus",), "C++ cat")))),
        ("$\\ell_1$", Words(("l1",), "ℓ₁")),
        ("l_1", Words(("l", "1"), "l_1")),
        ('author:"Ma, Chiyu"', Words(("chiyu", "ma"), "Ma, Chiyu", "author")),
        ('author:"C. Ma"', Words(("c", "ma"), "C. Ma", "author")),
        ('"the" cat', All((Words(("the",), "the", is_exact=True), CAT))),
        ("cat-dog", Words(("cat", "dog"), "cat-dog")),
        ("title:cats", Words(("cats",), "cats", "title")),
        ("Cats", Words(("cats",), "Cats")),
        ('author:"Ada Byron"', Words(("ada", "byron"), "Ada Byron", "author")),
        ("cat:cs.LG", Exact("cat", "cs.lg")),
        ("topic:graph-learning", Exact("topic", "graph-learning")),
        ("id:2605.29801", Exact("id", "2605.29801")),
        ("has:code", Exact("has", "code")),
        ("after:2026-01-31", Announced("after", date(2026, 1, 31))),
        ("after:2026-02", Announced("after", date(2026, 2, 1))),
        ("before:2026", Announced("before", date(2026, 1, 1))),
        ("neur*", Prefix("neur")),
        ("Neur*", Prefix("neur")),
        ("author:hint*", Prefix("hint", "author")),
        ("title:neur*", Prefix("neur", "title")),
        ("-neur*", Not(Prefix("neur"))),
        ('"cat* dog"', Words(("cat", "dog"), "cat* dog", is_exact=True)),
        ("how to train a cat", All((Words(("train",), "train"), CAT))),
        ("the", Words(("the",), "the")),
        ("to be", All((Words(("to",), "to"), Words(("be",), "be")))),
        ('"the cat"', Words(("the", "cat"), "the cat", is_exact=True)),
        ("title:the cat", All((Words(("the",), "the", "title"), CAT))),
        ("the cat:cs.LG", All((Words(("the",), "the"), Exact("cat", "cs.lg")))),
        ("the (cat OR dog)", AnyOf((CAT, DOG))),
        ("the OR cat", AnyOf((Words(("the",), "the"), CAT))),
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
        ("cat topic:-", All((CAT, Exact("topic", "-"))), ""),
        ("cat after:2026-13", CAT, "“2026-13” is not a day; write it as 2026-01-31."),
        ("cat before:0000", CAT, "“0000” is not a day; write it as 2026-01-31."),
        ("cat before:99999999", CAT, "“99999999” is not a day; write it as 2026-01-31."),
        ("cat sort:old", CAT, "“sort:old” is not known; there are sort:new, sort:hot and sort:relevance."),
        ('cat topic:""', CAT, "“topic:” asks for nothing."),
    ],
)
def test_parse_leaves_out_what_it_cannot_understand_and_says_so(text: str, node: object, problem: str) -> None:
    assert parse(text) == Query(node, tuple(filter(None, [problem])))  # type: ignore[arg-type]


@pytest.mark.parametrize("star", ["*cat", "c*t", "ca*", "*", "cat*dog*"])
def test_parse_takes_a_star_only_at_the_end_of_a_long_word(star: str) -> None:
    found = parse(f"dog {star}")

    assert len(found.problems) == 1
    assert not isinstance(found.node, Prefix)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("cat", Query(CAT)),
        ("cat sort:new", Query(CAT, sort="new")),
        ("sort:hot", Query(None, sort="hot")),
        ("sort:hot cat SORT:New", Query(CAT, sort="new")),
        ("cat (sort:hot OR dog)", Query(All((CAT, DOG)), sort="hot")),
    ],
)
def test_parse_takes_the_last_order_wherever_it_stands(text: str, query: Query) -> None:
    assert parse(text) == query


def test_parse_stops_at_its_length_and_says_so() -> None:
    assert parse("kittens  " * 250).problems == (
        "Only the first 2000 characters were read.", "Only the first 200 words were read.",
    )  # fmt: skip
    assert parse("x" * 2001).problems[0] == "Only the first 2000 characters were read."


def test_parse_stops_after_so_many_words_and_says_so() -> None:
    words = [f"w{number}" for number in range(MAX_TERMS + 1)]

    assert parse(" ".join(words[:-1])) == Query(All(tuple(Words((word,), word) for word in words[:-1])))
    assert parse(" ".join(words)).problems == ("Only the first 200 words were read.",)


def test_parse_leaves_out_brackets_that_are_too_deep() -> None:
    assert "Brackets deeper than 20 were left out." in parse("(" * 50 + "cat" + ")" * 50).problems


pieces = st.sampled_from(
    [
        "(",
        ")",
        "-",
        "–",
        "OR",
        "NOT",
        "AND",
        "„",
        "»",
        "C++",
        "$\\ell_1$",
        '"',
        "cat",
        "title:",
        "after:",
        "2026-01-01",
        "has:code",
        "sort:",
        "*",
        ":",
        "é",
        "\x00",
    ]
)


@given(st.text() | st.lists(pieces, max_size=60).map(" ".join) | st.lists(pieces, max_size=60).map("".join))
def test_parse_never_fails_and_is_the_same_each_time(text: str) -> None:
    assert parse(text) == parse(text)


@given(st.text(), st.text())
def test_parse_gives_equal_trees_for_equal_text_however_it_came_about(first: str, second: str) -> None:
    assert parse(first + second) == parse("".join([*first, *second]))


@given(st.text() | st.lists(pieces, max_size=60).map(" ".join))
def test_parse_leaves_nothing_empty_in_the_tree(text: str) -> None:
    assert all(_is_whole(node) for node in [parse(text).node] if node is not None)


def _is_whole(node: Node) -> bool:
    match node:
        case All(nodes) | AnyOf(nodes):
            return len(nodes) > 1 and all(map(_is_whole, nodes))
        case Not(inner):
            return _is_whole(inner)
        case Words(found):
            return bool(found) and all(found)
        case Prefix(start):
            return len(start) >= 3
    return True


def test_shown_is_what_the_person_wrote() -> None:
    assert [Prefix("neur").shown, Exact("cat", "cs.lg").shown] == ["neur*", "cat:cs.lg"]


@pytest.mark.parametrize(
    ("text", "once"), [("cat cat", "cat"), ("cat dog cat", "cat dog"), ("cat OR dog OR cat", "cat OR dog")]
)
def test_what_is_asked_for_twice_is_asked_for_once(text: str, once: str) -> None:
    assert parse(text) == parse(once)


def test_so_many_authors_are_looked_up_and_the_others_are_taken_as_typed() -> None:
    few = parse(" OR ".join(f'author:"a ek{number}"' for number in range(MAX_LOOKED_UP)))
    many = parse(" OR ".join(f'authors:"a ek{number}"' for number in range(MAX_LOOKED_UP + 3)))

    assert isinstance(few.node, AnyOf)
    assert isinstance(many.node, AnyOf)
    assert [cast("Words", node).is_exact for node in few.node.nodes] == [False] * MAX_LOOKED_UP
    assert [cast("Words", node).is_exact for node in many.node.nodes] == [False] * MAX_LOOKED_UP + [True] * 3
    assert (few.problems, len(many.problems)) == ((), 1)
