"""A feed for every search."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from papersite.catalogue.search.feeds import LENGTH
from papersite.catalogue.search.writing import Report
from tests.factories import NOW, AuthorFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db
Index = Callable[[], Report]
ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client: Client, text: str) -> ElementTree.Element:
    answer = client.get("/search/feed/", {"q": text})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(answer.content)


def texts(root: ElementTree.Element, path: str) -> list[str | None]:
    return [one.text for one in root.findall("/".join(f"{ATOM}{name}" for name in path.split("/")))]


def test_the_newest_papers_come_first_whatever_the_order_of_the_page(client: Client, index: Index) -> None:
    for hours in (5, 1, 9):
        PaperFactory.create(title=f"Graph {hours}", announced_at=NOW - timedelta(hours=hours), hf_upvotes=hours**3)
    PaperFactory.create(title="Speech")
    index()

    for text in ("graph", "graph sort:hot", "graph sort:relevance"):
        assert texts(feed(client, text), "entry/title") == ["Graph 1", "Graph 5", "Graph 9"]


def test_an_entry_tells_what_a_card_does(client: Client, index: Index) -> None:
    paper = PaperFactory.create(
        title="Graphs <1> & 2", abstract="About <b>graphs</b>.", by=[AuthorFactory.create(name="Ada & Bo")],
        in_topics=[TopicFactory.create(name="Graphs")],
    )  # fmt: skip
    index()

    (entry,) = feed(client, "graphs").findall(f"{ATOM}entry")

    assert texts(entry, "title") == ["Graphs <1> & 2"]
    assert texts(entry, "summary") == ["About <b>graphs</b>."]
    assert texts(entry, "author/name") == ["Ada & Bo"]
    assert texts(entry, "updated") == [NOW.isoformat()]
    assert [link.get("href", "")[-len(paper.get_absolute_url()) :] for link in entry.findall(f"{ATOM}link")] == [
        paper.get_absolute_url()
    ]
    assert [category.get("label") for category in entry.findall(f"{ATOM}category")] == ["Graphs"]


def test_the_summary_is_preferred_to_the_abstract(client: Client, index: Index) -> None:
    PaperFactory.create(title="Graphs", abstract="Long.", summary="Short.")
    index()

    assert texts(feed(client, "graphs"), "entry/summary") == ["Short."]


def test_the_feed_is_named_after_its_search_and_leads_to_it(client: Client, index: Index, settings: Any) -> None:
    index()

    root = feed(client, 'graph <"networks">')

    assert texts(root, "title") == [f'graph <"networks"> · {settings.SITE_NAME}']
    links = [link.get("href", "").partition("/search/")[2] for link in root.findall(f"{ATOM}link")]
    assert "?q=graph+%3C%22networks%22%3E" in links


def test_the_feed_of_nothing_asked_for_is_of_all_new_papers(client: Client, index: Index) -> None:
    PaperFactory.create(title="Graphs")
    index()

    assert texts(feed(client, ""), "entry/title") == ["Graphs"]


def test_hidden_papers_are_in_no_feed(client: Client, index: Index) -> None:
    PaperFactory.create(title="Graphs", is_hidden=True)
    PaperFactory.create(title="Graphs shown")
    index()

    assert texts(feed(client, "graphs"), "entry/title") == ["Graphs shown"]


ODD = [
    '"', "(", ")))", "OR", "-", "after:yesterday", "sort:old", "\x00", "𝕘😀", "\u202egraph", "x" * 10_000, "*",
    "<script>", "&amp;", "]]>", "nowhere", "grpah",
    "\x01", "graph \x0b\x1f",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_an_odd_search_has_a_feed_too(client: Client, index: Index, text: str) -> None:
    PaperFactory.create(title="Graphs")
    index()

    assert len(feed(client, text).findall(f"{ATOM}entry")) <= 1


@pytest.mark.parametrize("text", ["graph OR speech", 'speech OR "graph', "(speech OR graph"])
def test_a_feed_finds_what_the_page_does_the_newest_first(client: Client, index: Index, text: str) -> None:
    PaperFactory.create(title="Graph", announced_at=NOW - timedelta(days=1))
    PaperFactory.create(title="Speech")
    index()

    assert texts(feed(client, text), "entry/title") == ["Speech", "Graph"]


@pytest.mark.parametrize("count", [1, LENGTH + 2])
def test_a_feed_costs_the_same_queries_for_one_paper_and_for_many(
    client: Client, index: Index, django_assert_num_queries: Any, count: int
) -> None:
    topic = TopicFactory.create()
    authors = AuthorFactory.create_batch(2)
    for number in range(count):
        PaperFactory.create(title=f"Graph {number}", in_topics=[topic], by=authors)
    index()

    with django_assert_num_queries(4):
        entries = texts(feed(client, "graph"), "entry/title")

    assert len(entries) == min(count, LENGTH)


def test_without_an_index_a_feed_asks_for_patience(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.INDEX_DIR = tmp_path

    answer = client.get("/search/feed/", {"q": "graph"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
