"""Rankings that are read once and shared."""

from datetime import timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from digest.choosing.rankings import GOOD_FOR, Rankings, find
from papersite.catalogue.models import Paper
from tests.factories import NOW, AuthorFactory, PaperFactory, PickFactory, TopicFactory

pytestmark = pytest.mark.django_db

TRENDING = ("trending", None)


def test_load_asks_nothing_twice(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    topics = TopicFactory.create_batch(3)
    paper = PaperFactory.create(in_topics=topics)
    targets = {TRENDING, *(("topic", topic.pk) for topic in topics)}
    rankings = Rankings()

    with django_assert_num_queries(4):
        rankings.load(targets)
    with django_assert_num_queries(0):
        rankings.load(targets)

    assert {id(candidate) for target in targets for candidate in rankings.of(target)} == {id(rankings.of(TRENDING)[0])}
    assert rankings.of(TRENDING)[0].paper_id == paper.pk


def test_load_reads_all_authors_at_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    authors = AuthorFactory.create_batch(5)
    cool = PaperFactory.create(by=authors[:2], announced_at=NOW - timedelta(days=1))
    hot = PaperFactory.create(by=authors[:1])
    PaperFactory.create(by=authors[:1], is_hidden=True)
    rankings = Rankings()

    with django_assert_num_queries(1):
        rankings.load({("author", author.pk) for author in authors})

    found = [[one.paper_id for one in rankings.of(("author", author.pk))] for author in authors]
    assert found == [[hot.pk, cool.pk], [cool.pk], [], [], []]


def test_expire_forgets_after_a_minute() -> None:
    rankings = Rankings()
    rankings.load({TRENDING})
    pick = PickFactory.create(edition__day=NOW.date(), paper__is_hidden=True)
    revision = pick.edition.revisions.get(number=2)
    rankings.load_picks([revision])
    Paper.objects.update(is_hidden=False)

    rankings.read_at = NOW
    rankings.expire(NOW + GOOD_FOR)
    assert (rankings.of(TRENDING), rankings.picks_of(revision)) == ([], [])

    rankings.expire(NOW + GOOD_FOR + timedelta(seconds=1))
    rankings.load({TRENDING})
    rankings.load_picks([revision])
    assert [one.paper_id for one in rankings.of(TRENDING)] == [pick.paper_id]
    assert [one.candidate.paper_id for one in rankings.picks_of(revision)] == [pick.paper_id]


def test_lowest_since_is_below_all_papers_that_became_known_since() -> None:
    old, new, newest = (PaperFactory.create(announced_at=NOW - timedelta(days=days)) for days in (9, 2, 0))
    rankings = Rankings()
    rankings.load({TRENDING})

    assert rankings.lowest_since(NOW - timedelta(days=10)) == old.pk
    assert rankings.lowest_since(NOW - timedelta(days=3)) == new.pk
    assert rankings.lowest_since(NOW) == newest.pk
    assert rankings.lowest_since(NOW + timedelta(days=1)) > newest.pk
    assert rankings.known_since(NOW - timedelta(days=3)) == {new.pk, newest.pk}


@time_machine.travel(NOW, tick=False)
def test_find_says_which_papers_each_search_finds() -> None:
    graphs, robots = PaperFactory.create(title="Graph networks"), PaperFactory.create(title="Robots that walk")

    assert find(["graph", "robot OR network"], [graphs.pk, robots.pk]) == {
        "graph": {graphs.pk},
        "robot OR network": {graphs.pk, robots.pk},
    }


def test_a_paper_whose_heat_changes_between_two_reads_keeps_one_place_in_all_rankings() -> None:
    topic = TopicFactory.create()
    first, second = PaperFactory.create_batch(2, in_topics=[topic])
    rankings = Rankings()
    rankings.load({TRENDING})
    Paper.objects.filter(pk=first.pk).update(heat=second.heat + 1)

    rankings.load({("topic", topic.pk)})

    assert rankings.of(("topic", topic.pk)) == rankings.of(TRENDING)
    assert [one.paper_id for one in rankings.of(TRENDING)] == [second.pk, first.pk]


def test_load_topics_reads_the_same_rankings_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    topics = TopicFactory.create_batch(30)
    for number in range(6):
        PaperFactory.create(in_topics=topics[:: number + 1], hf_upvotes=number % 3)
    PaperFactory.create(in_topics=topics, is_hidden=True)
    PaperFactory.create(in_topics=topics, is_withdrawn=True)
    targets = [("topic", topic.pk) for topic in topics]
    one_by_one, at_once = Rankings(), Rankings()
    one_by_one.load(targets)

    with django_assert_num_queries(1):
        at_once.load_topics([topic.pk for topic in topics])
    with django_assert_num_queries(0):
        at_once.load(targets)

    assert [at_once.of(target) for target in targets] == [one_by_one.of(target) for target in targets]
    assert sum(len(at_once.of(target)) for target in targets) > 30
