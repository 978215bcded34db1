"""What somebody may be about to type."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from papersite.catalogue.models import Paper
from papersite.catalogue.search.folder import Unavailable
from papersite.catalogue.search.suggesting import SHOWN, Suggestions, phrases_of, suggestions
from papersite.catalogue.search.writing import Report
from tests.factories import NOW, AuthorFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db
Index = Callable[[], Report]


def names(text: str) -> tuple[list[str], list[str], list[str]]:
    found = suggestions(text)
    return (
        [topic.name for topic in found.topics],
        [author.name for author in found.authors],
        [paper.title for paper in found.papers],
    )


@pytest.fixture
def catalogue(index: Index) -> None:
    TopicFactory.create(name="Graph learning", slug="graph-learning")
    TopicFactory.create(name="Graphics, not offered", is_offered=False)
    TopicFactory.create(name="Graphs and the rest", is_catch_all=True)
    grace = AuthorFactory.create(name="Grace Graham")
    PaperFactory.create(title="Graph networks", by=[grace, AuthorFactory.create(name="Ada Díaz")])
    PaperFactory.create(title="Neural graphs", by=[grace], hf_upvotes=63)
    PaperFactory.create(title="Speech", abstract="Of graphs.")
    PaperFactory.create(title="Graph of nobody", is_hidden=True)
    index()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("gra", (["Graph learning"], ["Grace Graham"], ["Neural graphs", "Graph networks"])),
        ("gra gra", (["Graph learning"], ["Grace Graham"], [])),
        ("gr da", ([], [], [])),
        ("graph", (["Graph learning"], [], ["Neural graphs", "Graph networks"])),
        ("graph lea", (["Graph learning"], [], [])),
        ("graphs neu", ([], [], ["Neural graphs"])),
        ("Grace G", ([], ["Grace Graham"], [])),
        ("graham grace", ([], ["Grace Graham"], [])),
        ("diaz", ([], ["Ada Díaz"], [])),
        ("DÍA", ([], ["Ada Díaz"], [])),
        ("spee", ([], [], ["Speech"])),
        ("g", ([], [], [])),
        ("", ([], [], [])),
        ("  --", ([], [], [])),
        ("nowhere", ([], [], [])),
    ],
)
def test_suggestions_are_topics_authors_and_the_hottest_titles(
    catalogue: None, text: str, found: tuple[list[str], list[str], list[str]]
) -> None:
    assert names(text) == found


def test_suggestions_are_only_so_many(index: Index) -> None:
    for number in range(SHOWN + 2):
        TopicFactory.create(name=f"Graph {number}")
        PaperFactory.create(title=f"Graph {number}", by=[AuthorFactory.create(name=f"Graph {number}")])
    index()

    assert [len(found) for found in names("graph")] == [SHOWN, SHOWN, SHOWN]


def test_authors_of_most_papers_come_first(index: Index) -> None:
    for name, papers in (("Ada Graham", 1), ("Bo Graham", 3), ("Cy Graham", 2)):
        PaperFactory.create_batch(papers, by=[AuthorFactory.create(name=name)])
    index()

    assert names("grah")[1] == ["Bo Graham", "Cy Graham", "Ada Graham"]


@pytest.mark.parametrize("count", [1, SHOWN])
def test_suggestions_cost_the_same_queries_for_one_and_for_all(
    index: Index, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        TopicFactory.create(name=f"Graph {number}")
        PaperFactory.create(title=f"Graph {number}", by=[AuthorFactory.create(name=f"Graph {number}")])
    index()

    with django_assert_num_queries(3):
        found = names("graph")

    assert [len(one) for one in found] == [count] * 3


def test_phrases_of_many_titles_are_offered_before_single_papers(index: Index, client: Client) -> None:
    for number in range(3):
        PaperFactory.create(title=f"Graph neural networks in case {number}")
        PaperFactory.create(title=f"Why graph neural networks fail {number} times")
    PaperFactory.create(title="Graph neurology")
    TopicFactory.create(name="Neural graphs", slug="neural-graphs")
    index()

    found = suggestions("graph neu")
    page = client.get("/search/suggest/", {"q": "graph neu"}).content.decode()

    assert (found.phrases, len(found.topics)) == (["graph neural networks"], 1)
    places = [page.index(one) for one in ("topic</span>", "search</span>", "paper</span>")]
    assert places == sorted(places)
    assert "?q=graph%20neural%20networks" in page


@pytest.mark.parametrize(
    ("typed", "phrases"),
    [
        ("graph", ["graph neural networks"]), ("graph neural networks", []), ("neural net", ["neural networks"]),
        ("networks", []), ("zebra", []), ("deep learning o", []),
    ],
)  # fmt: skip
def test_phrases_go_on_as_most_titles_do(typed: str, phrases: list[str]) -> None:
    titles = ["Graph neural networks for all", "On graph neural networks", "Graph neural networks of deep learning",
        "Deep learning on graphs", "The deep learning of it"]  # fmt: skip

    assert phrases_of(titles, typed.split()) == phrases


def test_a_paper_hidden_since_the_last_commit_is_not_suggested(index: Index) -> None:
    paper = PaperFactory.create(title="Graph networks")
    index()
    Paper.objects.filter(pk=paper.pk).update(is_hidden=True)

    assert names("graph") == ([], [], [])


def test_without_an_index_nothing_is_suggested(settings: Any, tmp_path: Any) -> None:
    settings.INDEX_DIR = tmp_path

    with pytest.raises(Unavailable):
        suggestions("graph")


def test_suggestions_are_true_where_there_are_any() -> None:
    assert bool(Suggestions()) is False
    assert bool(Suggestions(papers=[Paper(announced_at=NOW)])) is True
