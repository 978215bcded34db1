"""Reads of the catalogue: what each phrase keeps, what it leaves out, and what it costs."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from papersite.catalogue.models import Paper, PaperQuerySet, PaperTopic, Topic
from tests.factories import NOW, AuthorFactory, CategoryFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)


def titles(papers: PaperQuerySet) -> list[str]:
    return [paper.title for paper in papers]


def keep_out(paper: Paper, topic: Topic) -> None:
    PaperTopic.objects.create(paper=paper, topic=topic, belongs=False, origin="curator")


def test_visible_leaves_out_hidden_papers() -> None:
    PaperFactory.create(title="Shown")
    PaperFactory.create(title="Hidden", is_hidden=True)

    assert titles(Paper.objects.visible()) == ["Shown"]


def test_trending_is_hottest_first_without_hidden_papers() -> None:
    PaperFactory.create(title="Cool", heat=1)
    PaperFactory.create(title="Hot", heat=3)
    PaperFactory.create(title="Hidden", heat=9, is_hidden=True)
    PaperFactory.create(title="Warm", heat=2)

    assert titles(Paper.objects.trending()) == ["Hot", "Warm", "Cool"]


def test_trending_puts_the_later_of_two_equally_hot_papers_first() -> None:
    PaperFactory.create(title="Earlier", heat=1)
    PaperFactory.create(title="Later", heat=1)

    assert titles(Paper.objects.trending()) == ["Later", "Earlier"]


def test_announced_on_is_from_midnight_to_midnight_in_utc() -> None:
    second = timedelta(seconds=1)
    for title, moment in [
        ("Day before", MIDNIGHT - second), ("First", MIDNIGHT), ("Last", MIDNIGHT + DAY - second),
        ("Day after", MIDNIGHT + DAY),
    ]:  # fmt: skip
        PaperFactory.create(title=title, announced_at=moment)

    assert titles(Paper.objects.announced_on(date(2026, 11, 23)).order_by("announced_at")) == ["First", "Last"]


def test_announced_between_holds_its_start_and_not_its_end() -> None:
    for title, moment in [("Before", NOW - DAY), ("Start", NOW), ("End", NOW + DAY)]:
        PaperFactory.create(title=title, announced_at=moment)

    assert titles(Paper.objects.announced_between(NOW, NOW + DAY)) == ["Start"]


def test_in_topic_leaves_out_other_topics_and_what_a_curator_kept_out() -> None:
    topic, other = TopicFactory.create(), TopicFactory.create()
    PaperFactory.create(title="In it", in_topics=[topic])
    PaperFactory.create(title="In another", in_topics=[other])
    keep_out(PaperFactory.create(title="Kept out"), topic)

    assert titles(Paper.objects.in_topic(topic)) == ["In it"]


def test_by_author_leaves_out_the_papers_of_others() -> None:
    author, other = AuthorFactory.create(), AuthorFactory.create()
    PaperFactory.create(title="Theirs together", by=[other, author])
    PaperFactory.create(title="The other's alone", by=[other])

    assert titles(Paper.objects.by_author(author)) == ["Theirs together"]


def test_for_cards_brings_the_topics_that_a_card_shows_the_narrowest_first() -> None:
    wide, late, early, no = (TopicFactory.create(name=name) for name in ("Agents", "Sound", "Graphs", "Maths"))
    PaperFactory.create(in_topics=[wide])
    paper = PaperFactory.create(in_topics=[wide, late, early])
    keep_out(paper, no)

    found = Paper.objects.for_cards().get(pk=paper.pk)

    assert [row.topic.name for row in found.shown_topics] == ["Graphs", "Sound", "Agents"]  # type: ignore[attr-defined]


def test_for_cards_costs_the_same_queries_for_one_paper_and_for_thirty() -> None:
    topic, category = TopicFactory.create(), CategoryFactory.create()
    for _ in range(30):
        PaperFactory.create(in_topics=[topic], by=[AuthorFactory.create()], primary_category=category)

    costs = []
    for size in (1, 30):
        with CaptureQueriesContext(connection) as queries:
            for paper in Paper.objects.for_cards()[:size]:
                str(paper.primary_category)
                [row.author.name for row in paper.authorships.all()]
                [row.topic.name for row in paper.shown_topics]  # type: ignore[attr-defined]
        costs.append(len(queries))

    assert costs == [3, 3]


def test_offered_leaves_out_topics_that_are_kept_for_old_followers() -> None:
    TopicFactory.create(name="Graphs")
    TopicFactory.create(name="Phlogiston", is_offered=False)

    assert [topic.name for topic in Topic.objects.offered()] == ["Graphs"]


@pytest.fixture
def counted_topics(db: None) -> list[Topic]:
    """One with a paper of this week, one of the week before and three that must not count; and an empty one."""
    topic, empty = TopicFactory.create(name="Graphs"), TopicFactory.create(name="Sound")
    PaperFactory.create(in_topics=[topic], announced_at=NOW - 6 * DAY)
    PaperFactory.create(in_topics=[topic], announced_at=NOW - 7 * DAY)
    PaperFactory.create(in_topics=[topic], is_hidden=True)
    PaperFactory.create()
    keep_out(PaperFactory.create(), topic)
    return [topic, empty]


def counts_of(topic: Any) -> tuple[int, int]:
    return topic.paper_count, topic.week_count


def test_with_counts_counts_what_readers_see(counted_topics: list[Topic]) -> None:
    found = [(topic.name, *counts_of(topic)) for topic in Topic.objects.with_counts(NOW)]

    assert found == [("Graphs", 2, 1), ("Sound", 0, 0)]


def test_week_counts_counts_the_papers_of_seven_days(counted_topics: list[Topic]) -> None:
    assert Topic.objects.week_counts(NOW) == {counted_topics[0].pk: 1}


@pytest.mark.parametrize(
    ("arxiv_id", "submitted_at", "month"),
    [
        ("2503.01234", None, date(2025, 3, 1)),
        # A list that tells of today, of a paper whose id is older.
        ("2503.01234", NOW - DAY, date(2025, 3, 1)),
        # Held back by arXiv, and out only now.
        ("2611.01234", NOW - 200 * DAY, None),
        ("math/0601001", None, date(2006, 1, 1)),
        ("", NOW - 200 * DAY, date(2026, 5, 1)),
        ("", NOW - DAY, None),
        ("", None, None),
        ("what a curator typed", None, None),
    ],
)
def test_from_month_is_when_a_paper_came_out_that_was_listed_long_after(
    arxiv_id: str, submitted_at: Any, month: Any
) -> None:
    paper = PaperFactory.build(arxiv_id=arxiv_id, submitted_at=submitted_at, announced_at=NOW)

    assert paper.from_month == month
