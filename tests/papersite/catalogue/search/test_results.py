"""From what was typed to the papers shown."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from papersite.catalogue.models import Paper
from papersite.catalogue.search import results
from papersite.catalogue.search.finding import NoSuchPage
from papersite.catalogue.search.folder import Unavailable
from papersite.catalogue.search.results import search, similar_papers
from papersite.catalogue.search.writing import Report
from tests.factories import NOW, AuthorFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db
Index = Callable[[], Report]


def graphs(count: int, **fields: Any) -> list[Paper]:
    """Papers of one title, told apart by their identifiers."""
    return [PaperFactory.create(title="Graphs", arxiv_id=f"2611.{number:05}", **fields) for number in range(count)]


def titles(papers: list[Paper]) -> list[str]:
    return [paper.title for paper in papers]


def found(text: str, **options: Any) -> list[str]:
    return titles(search(text, NOW, **options).papers)


def test_papers_come_in_the_order_of_the_search(index: Index) -> None:
    for hours in (5, 1, 9, 3):
        PaperFactory.create(title=f"Graph {hours}", announced_at=NOW - timedelta(hours=hours))
    index()

    assert found("graph sort:new") == ["Graph 1", "Graph 3", "Graph 5", "Graph 9"]


@pytest.mark.parametrize("count", [1, 20])
def test_search_costs_the_same_queries_for_one_paper_and_for_twenty(
    index: Index, django_assert_num_queries: Any, count: int
) -> None:
    topic = TopicFactory.create()
    graphs(count, by=AuthorFactory.create_batch(2), in_topics=[topic])
    index()

    with django_assert_num_queries(3):
        papers = search("graphs", NOW).papers
        shown = [
            (row.author.name, topic.topic.name)
            for paper in papers
            for row in paper.authorships.all()
            for topic in paper.shown_topics  # type: ignore[attr-defined]
        ]

    assert len(shown) == 2 * count


def test_a_paper_hidden_since_the_last_commit_is_left_out(index: Index) -> None:
    hidden, _ = graphs(2)
    index()
    Paper.objects.filter(pk=hidden.pk).update(is_hidden=True)

    assert len(found("graphs")) == 1


def test_papers_with_some_words_are_apart_from_those_with_all(index: Index) -> None:
    for title in ("Graph networks", "Graph sounds", "Speech"):
        PaperFactory.create(title=title)
    index()

    one = search("graph network", NOW)

    assert (titles(one.whole), titles(one.loose)) == (["Graph networks"], ["Graph sounds"])


def test_papers_with_some_words_stay_apart_when_one_is_hidden_meanwhile(index: Index) -> None:
    hidden = PaperFactory.create(title="Graph networks")
    PaperFactory.create(title="Graph sounds")
    index()
    Paper.objects.filter(pk=hidden.pk).update(is_hidden=True)

    one = search("graph network", NOW)

    assert (titles(one.whole), titles(one.loose)) == ([], ["Graph sounds"])


def test_a_search_that_finds_nothing_is_mended(index: Index) -> None:
    PaperFactory.create(title="Graph networks")
    index()

    one = search("grpah networks", NOW)

    assert (one.mended, titles(one.papers), one.page.total) == ("graph networks", ["Graph networks"], 1)
    assert one.marks.fits("Graph")


@pytest.mark.parametrize("text", ["graph", "xyzzyplugh", "grpah cat:cs.LG"])
def test_a_search_is_not_mended_where_that_is_of_no_use(index: Index, text: str) -> None:
    PaperFactory.create(title="Graph networks")
    index()

    assert search(text, NOW).mended == ""


@pytest.mark.parametrize(
    ("text", "typed", "entered"),
    [
        ("netw", ["Graph networks"], []),
        ("graph netw", ["Graph networks"], []),
        ("graph n", ["Graph networks"], []),
        ("title:netw", ["Graph networks"], []),
        ("ne", [], []),
        ("netw ", [], []),
        ("-netw", ["Speech"], ["Graph networks", "Speech"]),
        ("speech", ["Speech"], ["Speech"]),
        ("network", ["Graph networks"], ["Graph networks"]),
    ],
)
def test_the_last_word_goes_on_while_it_is_being_typed(
    index: Index, text: str, typed: list[str], entered: list[str]
) -> None:
    for title in ("Graph networks", "Speech"):
        PaperFactory.create(title=title, abstract="About.")
    index()
    if text == "-netw":
        # What is left out is left out as it stands.
        typed = entered

    assert sorted(titles(search(text, NOW, is_being_typed=True).whole)) == typed
    assert sorted(titles(search(text, NOW).whole)) == entered


def test_pages_go_on_where_the_last_one_ended(index: Index) -> None:
    graphs(5)
    index()

    first = search("graphs sort:new", NOW, size=3)
    second = search("graphs sort:new", NOW, size=3, after=first.page.after)

    assert (len(first.papers), len(second.papers), second.page.after) == (3, 2, "")
    assert len({paper.pk for paper in first.papers + second.papers}) == 5
    with pytest.raises(NoSuchPage):
        search("graphs", NOW, after=first.page.after)


def test_without_an_index_there_are_no_results(settings: Any, tmp_path: Any) -> None:
    settings.INDEX_DIR = tmp_path

    with pytest.raises(Unavailable):
        search("graphs", NOW)


def test_similar_papers_are_others_the_most_alike_first(index: Index) -> None:
    one = PaperFactory.create(title="Graph networks for molecules", abstract="Of chemistry.")
    PaperFactory.create(title="Molecules and graphs", abstract="Of chemistry and networks.")
    PaperFactory.create(title="Speech in chemistry", abstract="Noise.")
    PaperFactory.create(title="Nothing alike", abstract="Else.")
    hidden = PaperFactory.create(title="Graph networks for molecules, hidden")
    index()
    Paper.objects.filter(pk=hidden.pk).update(is_hidden=True)

    assert titles(similar_papers(one)) == ["Molecules and graphs", "Speech in chemistry"]
    assert len(similar_papers(one, size=1)) <= 1


@pytest.mark.parametrize("count", [2, 7])
def test_similar_papers_cost_the_same_queries_for_one_and_for_six(
    index: Index, django_assert_num_queries: Any, count: int
) -> None:
    topic = TopicFactory.create()
    papers = graphs(count, by=[AuthorFactory.create()], in_topics=[topic])
    index()

    with django_assert_num_queries(1):
        assert len(similar_papers(papers[0])) == min(count - 1, results.SIMILAR)


def test_without_an_index_no_paper_is_similar(settings: Any, tmp_path: Any) -> None:
    settings.INDEX_DIR = tmp_path

    assert similar_papers(PaperFactory.create()) == []
