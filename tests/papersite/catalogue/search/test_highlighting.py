"""What a search was about, shown in a text that stays a text."""

import html
import re

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.search import language
from papersite.catalogue.search.highlighting import EXCERPT_WORDS, WORDS_BEFORE, Marks, excerpt, highlight, marks


def wanted(text: str) -> Marks:
    return marks(language.parse(text).node)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("network", "Graph <mark>networks</mark>, self-trained"),
        ('"graph networks"', "<mark>Graph</mark> <mark>networks</mark>, self-trained"),
        ("title:graph", "<mark>Graph</mark> networks, self-trained"),
        ("gra*", "<mark>Graph</mark> networks, self-trained"),
        ("TRAINING", "Graph networks, self-<mark>trained</mark>"),
        ("graph OR (sound trained)", "<mark>Graph</mark> networks, self-<mark>trained</mark>"),
        ("-graph", "Graph networks, self-trained"),
        ("author:graph", "Graph networks, self-trained"),
        ("cat:graph", "Graph networks, self-trained"),
        ("sound", "Graph networks, self-trained"),
        ("", "Graph networks, self-trained"),
    ],
)
def test_highlight_marks_the_words_that_were_wanted(query: str, shown: str) -> None:
    assert highlight("Graph networks, self-trained", wanted(query)) == shown


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("schrodinger", "Schrödinger's cat", "<mark>Schrödinger</mark>&#x27;s cat"),
        ("optimization", "Optimisation", "<mark>Optimisation</mark>"),
        ("amp", "A & B", "A &amp; B"),
        ("script", "<script>x</script>", "&lt;<mark>script</mark>&gt;x&lt;/<mark>script</mark>&gt;"),
        ("mark", "<mark>a</mark>", "&lt;<mark>mark</mark>&gt;a&lt;/<mark>mark</mark>&gt;"),
    ],
)
def test_highlight_knows_words_as_the_index_does_and_lets_no_html_through(query: str, text: str, shown: str) -> None:
    assert highlight(text, wanted(query)) == shown


def test_marks_are_none_where_nothing_is_wanted_in_a_text() -> None:
    assert [bool(wanted(text)) for text in ("", "-graph", "cat:cs.LG", "graph", "gra*")] == [
        False, False, False, True, True,
    ]  # fmt: skip


def without_marks(shown: str) -> str:
    return html.unescape(re.sub("</?mark>", "", shown))


fragments = st.sampled_from(
    [
        "<mark>",
        "</mark>",
        "<b>",
        "&amp;",
        "&lt;",
        "<script>alert(1)</script>",
        "graph",
        "graphs",
        "'",
        '"',
        " ",
        "é",
        "—",
    ]
)
texts = st.text(max_size=60) | st.lists(fragments, max_size=15).map("".join)
queries = st.sampled_from(["graph", "gra*", "mark", "script OR graph", "amp lt", "b", ""]) | st.text(max_size=20)


@given(texts, queries)
def test_highlight_gives_the_text_back_once_the_marks_are_taken_away(text: str, query: str) -> None:
    shown = highlight(text, wanted(query))

    assert without_marks(shown) == text
    assert isinstance(shown, SafeString)


@given(texts, queries)
def test_highlight_lets_no_tag_through_but_its_own(text: str, query: str) -> None:
    assert set(re.findall("<[^>]*>?", highlight(text, wanted(query)))) <= {"<mark>", "</mark>"}


@given(texts, queries)
def test_excerpt_of_a_short_text_is_the_text_with_plain_spaces(text: str, query: str) -> None:
    assert without_marks(excerpt(text, wanted(query))) == " ".join(text.split())


LONG = " ".join(f"word{number}" for number in range(200))


def test_excerpt_begins_where_the_text_does_while_that_shows_the_word() -> None:
    for query in ("word0", "word30", "nowhere"):
        shown = without_marks(excerpt(LONG, wanted(query)))
        assert shown == " ".join(LONG.split()[:EXCERPT_WORDS]) + " …"


def test_excerpt_goes_on_to_a_word_that_comes_late() -> None:
    shown = excerpt(LONG, wanted("word100"))

    assert without_marks(shown).split()[:2] == ["…", f"word{100 - WORDS_BEFORE}"]
    assert without_marks(shown).split()[-1] == "…"
    assert "<mark>word100</mark>" in shown


def test_excerpt_of_the_end_has_nothing_behind_it() -> None:
    shown = without_marks(excerpt(LONG, wanted("word199")))

    assert (shown.split()[0], shown.split()[-1]) == ("…", "word199")
