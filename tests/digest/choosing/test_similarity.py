"""How alike papers are: asked of the index once, and guessed without it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from digest.choosing.similarity import FOR_AN_AUTHOR, FOR_TOPICS, GOOD_FOR, Similarity
from papersite.catalogue.search.writing import Report
from tests.factories import NOW, AuthorFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db

LONG_AGO = NOW - timedelta(days=14)


@pytest.fixture(autouse=True)
def no_index(settings: Any, tmp_path: Any) -> None:
    settings.INDEX_DIR = tmp_path / "index"


def test_load_asks_the_index_once_for_each_paper(index: Callable[[], Report], django_assert_num_queries: Any) -> None:
    papers = [PaperFactory.create(title=f"Graph networks {number}") for number in "abc"]
    index()
    likeness = Similarity()
    ids = {paper.pk for paper in papers}

    with django_assert_num_queries(1):
        likeness.load(ids, LONG_AGO)
    with django_assert_num_queries(0):
        likeness.load(ids, LONG_AGO)

    assert set(likeness.of(papers[0].pk)) == ids - {papers[0].pk}
    assert likeness.title_of(papers[0].pk) == papers[0].title


def test_expire_forgets_after_some_minutes() -> None:
    paper = PaperFactory.create()
    likeness = Similarity()
    likeness.expire(NOW)
    likeness.load({paper.pk}, LONG_AGO)

    likeness.expire(NOW + GOOD_FOR)
    assert likeness.title_of(paper.pk) == paper.title

    likeness.expire(NOW + GOOD_FOR + timedelta(seconds=1))
    assert likeness.title_of(paper.pk) == ""


def test_without_an_index_common_authors_and_topics_say_it_but_not_one_topic_alone() -> None:
    graphs, sound, maths, rest = (TopicFactory.create(is_catch_all=number == 3) for number in range(4))
    author = AuthorFactory.create()
    one = PaperFactory.create(in_topics=[graphs, sound, maths, rest], by=[author])
    its_author = PaperFactory.create(in_topics=[graphs], by=[author])
    two = PaperFactory.create(in_topics=[graphs, sound])
    every = PaperFactory.create(in_topics=[graphs, sound, maths])
    PaperFactory.create(in_topics=[sound])
    PaperFactory.create(in_topics=[rest])
    PaperFactory.create(in_topics=[graphs, sound], announced_at=LONG_AGO - timedelta(days=1))
    likeness = Similarity()

    likeness.load({one.pk}, LONG_AGO)

    assert likeness.of(one.pk) == {its_author.pk: FOR_AN_AUTHOR, two.pk: FOR_TOPICS / 2, every.pk: FOR_TOPICS}


@pytest.mark.parametrize("papers", [1, 30])
def test_without_an_index_it_costs_the_same_queries(django_assert_num_queries: Any, papers: int) -> None:
    topic = TopicFactory.create()
    found = PaperFactory.create_batch(papers, in_topics=[topic], by=[AuthorFactory.create()])

    with django_assert_num_queries(5):
        Similarity().load({paper.pk for paper in found}, LONG_AGO)


def test_a_paper_that_nobody_asked_about_is_like_none() -> None:
    assert Similarity().of(1) == {}
