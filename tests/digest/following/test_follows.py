"""Following, muting and dropping: the same however often it is asked for."""

from typing import Any

import pytest

from digest.following import follows
from digest.models import Subscription
from tests.factories import AuthorFactory, FollowFactory, TopicFactory

pytestmark = pytest.mark.django_db


def held(subscription: Subscription) -> set[tuple[str, bool]]:
    return {(follow.label, follow.mutes) for follow in subscription.follows.all()}


def test_put_twice_is_one_follow_and_the_last_word_counts(subscription: Subscription) -> None:
    topic, author = TopicFactory.create(name="Graphs"), AuthorFactory.create(name="Ada Lovelace")

    for _ in range(2):
        for mutes in (False, True):
            follows.put(subscription, follows.of_topic(topic, mutes=mutes))
            follows.put(subscription, follows.of_author(author, mutes=not mutes))
            follows.put(subscription, follows.of_search("  graph\n networks ", mutes=mutes))
        follows.put(subscription, follows.trending())

    assert held(subscription) == {
        ("Graphs", True), ("Ada Lovelace", False), ("graph networks", True), ("Trending overall", False),
    }  # fmt: skip


def test_remove_says_whether_there_was_something(subscription: Subscription) -> None:
    follows.put(subscription, follows.of_search("graph"))

    assert [follows.remove(subscription, follows.of_search("graph")) for _ in range(2)] == [True, False]


def test_remove_drops_nothing_else(subscription: Subscription) -> None:
    topics = TopicFactory.create_batch(2)
    for topic in topics:
        follows.put(subscription, follows.of_topic(topic))
    follows.put(subscription, follows.trending())

    follows.remove(subscription, follows.of_topic(topics[0]))

    assert held(subscription) == {(topics[1].name, False), ("Trending overall", False)}


def test_nobody_follows_more_than_the_limit_but_what_is_there_may_change(
    subscription: Subscription, settings: Any
) -> None:
    settings.FOLLOWS_PER_READER = 1
    follows.put(subscription, follows.of_search("graph"))

    with pytest.raises(follows.TooMany, match="1 things"):
        follows.put(subscription, follows.of_search("sound"))
    follows.put(subscription, follows.of_search("graph", mutes=True))

    assert held(subscription) == {("graph", True)}


def test_put_all_takes_what_there_is_room_for_in_the_same_queries_for_one_and_for_thirty(
    subscription: Subscription, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.FOLLOWS_PER_READER = 32
    follows.put(subscription, follows.of_search("old"))
    follows.put(subscription, follows.of_search("kept"))

    with django_assert_num_queries(6):
        first = follows.put_all(subscription, [follows.of_search("new"), follows.of_search("old", mutes=True)])
    many = [follows.of_search(f"word{number}") for number in range(30)]
    with django_assert_num_queries(6):
        second = follows.put_all(subscription, [follows.of_search("kept", mutes=True), *many])

    assert [done.outcome for done in first] == ["added", "changed"]
    assert [done.outcome for done in second[1:30]] == ["added"] * 29
    assert "as many as there may be" in second[30].problem
    assert subscription.follows.count() == 32


def test_put_all_twice_changes_nothing_more(subscription: Subscription) -> None:
    wanted = [follows.of_search("a graph"), follows.of_search("sound", mutes=True)]
    follows.put_all(subscription, wanted)

    again = follows.put_all(subscription, [follows.of_search("a graph"), follows.of_search("sound", mutes=True)])

    assert [done.outcome for done in again] == ["is there already"] * 2


def test_begin_with_takes_the_place_of_trending(subscription: Subscription) -> None:
    FollowFactory.create(subscription=subscription)

    follows.begin_with(subscription, follows.of_search("graph"))

    assert held(subscription) == {("graph", False)}


@pytest.mark.parametrize(
    ("search", "says"),
    [
        ("graph", ""),
        ("(graph", "no closing one"),
        ("", "asks for nothing"),
        ("x" * 301, "at most 300"),
        ("graph\x07", "cannot be printed"),
    ],
)
def test_problem_of_says_why_a_search_cannot_be_followed(search: str, says: str) -> None:
    assert says in follows.problem_of(search)
    assert bool(says) == bool(follows.problem_of(search))


def test_set_topics_makes_the_topics_exactly_these_and_keeps_the_rest(subscription: Subscription) -> None:
    old, kept, new, muted = (TopicFactory.create(name=name) for name in ("Old", "Kept", "New", "Muted"))
    for topic in (old, kept):
        FollowFactory.create(subscription=subscription, kind="topic", topic=topic)
    FollowFactory.create(subscription=subscription, kind="topic", topic=muted, mutes=True)
    FollowFactory.create(subscription=subscription, kind="author", author=AuthorFactory.create(name="Ada"))

    follows.set_topics(subscription, [kept.pk, new.pk], trending=True)

    assert held(subscription) == {
        ("Kept", False), ("New", False), ("Muted", True), ("Ada", False),
        ("Trending overall", False),
    }  # fmt: skip


def test_set_topics_takes_up_again_what_was_muted(subscription: Subscription) -> None:
    topic = TopicFactory.create(name="Graphs")
    FollowFactory.create(subscription=subscription, kind="topic", topic=topic, mutes=True)

    follows.set_topics(subscription, [topic.pk], trending=False)

    assert held(subscription) == {("Graphs", False)}


def test_standing_tells_of_the_readers_own_row_in_one_query(
    subscription: Subscription, django_assert_num_queries: Any
) -> None:
    topic, other = TopicFactory.create(), TopicFactory.create()
    follows.put(subscription, follows.of_topic(topic, mutes=True))
    reader = subscription.reader_id

    with django_assert_num_queries(1):
        has_subscription, row = follows.standing(reader, follows.of_topic(topic))
    assert row is not None
    assert (has_subscription, row.mutes) == (True, True)
    assert follows.standing(reader, follows.of_topic(other)) == (True, None)
    assert follows.standing(reader, follows.of_search("graphs")) == (True, None)
    assert follows.standing(reader + 1, follows.of_topic(topic)) == (False, None)
