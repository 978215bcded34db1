"""What a week brought, by follow and by topic."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from digest.following import follows, weekly_counts
from tests.factories import NOW, AuthorFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_counts_are_of_the_last_seven_days(index: Callable[[], Any]) -> None:
    topic, author = TopicFactory.create(slug="graphs"), AuthorFactory.create()
    for days in (0, 3, 6, 8):
        PaperFactory.create(
            title=f"Graph paper {days}", in_topics=[topic], by=[author], announced_at=NOW - timedelta(days=days)
        )
    PaperFactory.create(title="Sound", is_hidden=True)
    index()
    wanted = [
        follows.of_topic(topic), follows.of_author(author), follows.of_search("graph"), follows.of_search("sound"),
        follows.of_search("graph -6"), follows.trending(),
    ]  # fmt: skip

    counts = weekly_counts.counts(wanted, NOW)

    assert [counts[follows.target(one)] for one in wanted] == [3, 3, 3, 0, 2, 3]


def test_counts_cost_three_queries_for_one_and_for_thirty_and_none_again(
    index: Callable[[], Any], django_assert_num_queries: Any
) -> None:
    index()
    for rows in (1, 30):
        wanted = [
            *map(follows.of_topic, TopicFactory.create_batch(rows)),
            *map(follows.of_author, AuthorFactory.create_batch(rows)),
            *[follows.of_search(f"word{rows} {number}") for number in range(rows)],
        ]
        with django_assert_num_queries(2):
            first = weekly_counts.counts(wanted, NOW)
        with django_assert_num_queries(0):
            assert weekly_counts.counts(wanted, NOW) == first


def test_without_an_index_only_searches_have_no_count(settings: Any, tmp_path: Any) -> None:
    settings.INDEX_DIR = tmp_path / "none"

    assert weekly_counts.of_search("graph", NOW) is None
    assert weekly_counts.counts([follows.trending()], NOW) == {("trending", None): 0}


def test_examples_are_the_hottest_of_the_week_by_topic(django_assert_num_queries: Any) -> None:
    topic, other, quiet = TopicFactory.create_batch(3)
    cool = PaperFactory.create(in_topics=[topic, other])
    warm = PaperFactory.create(in_topics=[topic], hf_upvotes=10)
    hot = PaperFactory.create(in_topics=[topic], hf_upvotes=100)
    PaperFactory.create(in_topics=[topic, quiet], hf_upvotes=999, announced_at=NOW - timedelta(days=9))
    PaperFactory.create(in_topics=[topic, quiet], hf_upvotes=999, is_hidden=True)

    with django_assert_num_queries(1):
        examples = weekly_counts.examples(NOW)

    assert {pk: [paper.pk for paper in papers] for pk, papers in examples.items()} == {
        topic.pk: [hot.pk, warm.pk], other.pk: [cool.pk],
    }  # fmt: skip
