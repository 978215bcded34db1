"""What a search was about, shown in a text that stays a text."""

import html
import re

import pytest
from django.utils.safestring import SafeString, mark_safe
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from papersite.catalogue.models import Paper
from papersite.catalogue.reading import readable
from papersite.catalogue.search import language
from papersite.catalogue.search.highlighting import Marks, excerpt, highlight, marks


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
        ("don", 'don\'t say "so"', "<mark>don</mark>&#x27;t say &quot;so&quot;"),
        ('"network"', "networks of a network", "networks of a <mark>network</mark>"),
        ("animal", "animals in animation", "<mark>animals</mark> in animation"),
        ("multimodal", "a multi-modal model", "a <mark>multi-modal</mark> model"),
        ("multi-modal", "multimodal models", "<mark>multimodal</mark> models"),
        ("C++", "in C++, not in C.", "in <mark>C++</mark>, not in C."),
        ("network", "net-works and self-networks", "<mark>net-works</mark> and self-<mark>networks</mark>"),
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
    paper = Paper(abstract="", excerpt=" ".join(text.split()) or "None")

    assert without_marks(excerpt(paper, wanted(query))) == paper.excerpt


FIRST = "We show that graphs have 12% more edges."
LATE = "Later sentences speak of trees and of $x^2$ forests."
LONG = Paper(
    abstract=" ".join([FIRST, *["Words stand between these sentences here and say nothing of it."] * 12, LATE]),
    excerpt=FIRST,
)


def test_excerpt_is_the_papers_own_while_that_shows_the_word() -> None:
    for query in ("graph", "edges", "nowhere"):
        assert without_marks(excerpt(LONG, wanted(query))) == FIRST


def test_excerpt_goes_on_to_the_sentence_of_a_word_that_comes_late() -> None:
    shown = excerpt(LONG, wanted("forests"))

    assert shown == (
        "… Later sentences speak of trees and of <math><msup><mi>x</mi><mn>2</mn></msup></math> <mark>forests</mark>."
    )


MARKUP = mark_safe("<i>Graph</i> &amp; <math><msub><mi>ℓ</mi><mn>1</mn></msub></math> graphs &lt;b&gt;")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("graph",
        "<i><mark>Graph</mark></i> &amp; <math><msub><mi>ℓ</mi><mn>1</mn></msub></math> <mark>graphs</mark> &lt;b&gt;"),
        ("ℓ1", "<i>Graph</i> &amp; <mark><math><msub><mi>ℓ</mi><mn>1</mn></msub></math></mark> graphs &lt;b&gt;"),
        ("mi", MARKUP),
        ("amp", MARKUP),
        ("b", "<i>Graph</i> &amp; <math><msub><mi>ℓ</mi><mn>1</mn></msub></math> graphs &lt;<mark>b</mark>&gt;"),
    ],
)  # fmt: skip
def test_marks_never_break_markup(query: str, shown: str) -> None:
    assert highlight(MARKUP, wanted(query)) == shown


sources = st.lists(
    st.sampled_from([r"$x^2$", r"$\alpha$", "<i>graph</i>", "H<sub>2</sub>", r"\emph{graph}", " & ", "<", "graph ",
        "'", '"', "mi "]),
    max_size=8,
).map("".join)  # fmt: skip


@given(sources, st.sampled_from(["graph", "mi", "x", "2", "h 2", "alpha", "amp", "i"]))
def test_highlighted_markup_without_its_marks_is_the_markup(source: str, query: str) -> None:
    shown = mark_safe(readable.markup(source) or html.escape(source))

    marked = highlight(shown, wanted(query))

    assert html.unescape(re.sub("</?mark>", "", marked)) == html.unescape(shown)
    etree.fromstring(f"<p>{marked}</p>")
