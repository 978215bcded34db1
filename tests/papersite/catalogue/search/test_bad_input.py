"""Whatever is typed gives results or a kind message, soon."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from papersite.catalogue.search import language, recognising, spelling, suggesting
from papersite.catalogue.search.writing import Report
from tests.conftest import examples
from tests.costs import least_seconds
from tests.factories import AuthorFactory, CategoryFactory, PaperFactory, TopicFactory
from tests.papersite.catalogue.search.held import Held, record

pytestmark = pytest.mark.django_db

# Raise it to 10,000 to be sure of a change.
EXAMPLES = 300
WITHIN = 0.2

pieces = st.sampled_from(
    [
        *(
            '"',
            "“",
            "(",
            ")",
            "((",
            "-",
            "--",
            "-(",
            "OR",
            "AND",
            "NOT",
            ":",
            "*",
            "**",
            "*graph",
            "gr*ph",
            "gra*",
            "?",
        ),
        *("title:", "author:", "cat:", "topic:", "id:", "has:", "after:", "before:", "sort:", "nonsense:", "title:("),
        *("graph", "grpah", "network", "the", "hinton", "cs.LG", "has:code", "sort:new", "sort:hot", "sort:sideways"),
        *("after:2026-01-01", "before:0000-00-00", "after:99999999999999999999", "after:-1", "before:2026-13-45"),
        *("id:2605.29801", "2605.29801v99", "https://arxiv.org/abs/", "10.1000/%00", "id:" + "9" * 300, "1e999"),
        *("'; DROP TABLE catalogue_paper; --", "' OR 1=1", "%", "_", "\\", "\\x00", "${x}", "{{ q }}", "{% now %}"),
        *(
            "<script>alert(1)</script>",
            "<mark>",
            "&lt;",
            "]]>",
            "<!--",
            "😀",
            "👩‍👩‍👧",
            "𝕘raph",
            "שלום",
            "مرحبا",
            "\u202e",
        ),
        *(
            "\x00",
            "\x01",
            "\x1b[31m",
            "\x7f",
            "\u2028",
            "\ufeff",
            "\ufffd",
            "\n",
            "\t",
            "a\u0301",
            "İ",
            "ǅ",
            "ﷺ",
            "漢字",
        ),
    ]
)
texts = st.one_of(
    st.text(max_size=200),
    st.lists(pieces, max_size=40).map(" ".join),
    st.lists(pieces, max_size=40).map("".join),
    st.tuples(pieces, st.integers(1, 10_000), st.sampled_from(["", " "])).map(
        lambda parts: ((parts[0] + parts[2]) * parts[1])[:10_000]
    ),
)


@pytest.fixture
def catalogue(index: Callable[[], Report]) -> None:
    topic, category = TopicFactory.create(slug="graphs", name="Graphs"), CategoryFactory.create(code="cs.LG")
    author = AuthorFactory.create(name="Geoffrey Hinton")
    for number in range(25):
        paper = PaperFactory.create(title=f"Graph networks {number}", in_topics=[topic], by=[author])
        paper.categories.add(category)
    index()
    # What a process does once, such as compiling templates, is no part of an answer.
    for path in ("/search/?q=graph", "/search/suggest/?q=graph"):
        Client().get(path)


@examples(EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts, st.booleans(), st.sampled_from(["", "relevance-20", "hot-1", "new-" + "9" * 30, "x"]))
def test_whatever_is_typed_is_answered_soon(
    catalogue: None, client: Client, text: str, typing: bool, after: str
) -> None:
    asked: dict[str, Any] = {"q": text} | ({"after": after} if after else {})
    headers = {"HX-Request": "true"} if typing else {}

    assert answered(client, "/search/", asked, headers) in (200, 302)


def answered(client: Client, path: str, asked: dict[str, Any], headers: dict[str, str]) -> int:
    """The status of an answer that took no longer than it may."""
    statuses = []
    spent = least_seconds(lambda: statuses.append(client.get(path, asked, headers=headers).status_code), WITHIN)
    assert spent < WITHIN, asked
    return int(statuses[-1])


@examples(EXAMPLES // 3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts)
def test_whatever_is_typed_so_far_is_suggested_for_soon(catalogue: None, client: Client, text: str) -> None:
    assert answered(client, "/search/suggest/", {"q": text}, {}) == 200


LARGE = 100_000
MOMENT = 0.05


@pytest.mark.parametrize(
    "piece",
    [
        "graph ",
        "grpah",
        "a-b_c^",
        "C++ ",
        "$x^2$ ",
        "\\\\ell_",
        "„a“ ",
        "(",
        "-(",
        "NOT ",
        '"',
        "é–",
        "2606.32036 ",
        "[",
        ". .",
        "*",
    ],
)
def test_a_hundred_thousand_characters_are_read_in_a_moment(piece: str) -> None:
    text = (piece * LARGE)[:LARGE]
    source = Held(record(1, "Graph networks"), record(2, "Other"))
    steps: dict[str, Callable[[], object]] = {
        "parsed": lambda: language.parse(text),
        "recognised": lambda: recognising.identifier_in(text[: recognising.LONGEST]),
        "suggested": lambda: suggesting.suggestions(text[:200], source),
        "mended": lambda: spelling.mended(source.searcher, text[: language.MAX_LENGTH], language.parse(text).node),
    }

    for name, step in steps.items():
        assert least_seconds(step, enough=MOMENT) < MOMENT, name
