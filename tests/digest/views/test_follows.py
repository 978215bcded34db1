"""What a reader follows and leaves out."""

from typing import Any

import pytest
from django.test import Client

from digest.models import Follow, Subscription
from tests.factories import (
    AuthorFactory,
    FollowFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


def test_topics_are_kept(reader_client: Client, subscription: Subscription) -> None:
    topic = TopicFactory.create()

    answer = reader_client.post("/subscription/follows/", {"trending": "on", "topics": [topic.pk]})

    assert answer.headers["Location"] == "/subscription/follows/"
    assert sorted(follow.kind for follow in subscription.follows.all()) == ["topic", "trending"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Choose at least one topic, or trending overall"),
        ({"topics": ["999999"]}, "Select a valid choice"),
    ],
)
def test_topics_that_make_no_mail_are_refused(
    reader_client: Client, subscription: Subscription, fields: Any, says: str
) -> None:
    answer = reader_client.post("/subscription/follows/", {"sent": "1"} | fields)

    assert answer.status_code == 400
    assert says in answer.content.decode()


def test_follow_and_mute_a_search_and_remove_it(reader_client: Client, subscription: Subscription) -> None:
    reader_client.post("/subscription/follows/add/", {"search": "graph networks"})
    reader_client.post("/subscription/follows/add/", {"search": "graph networks", "mutes": "on"})

    follow = subscription.follows.get()
    assert (follow.kind, follow.search, follow.mutes) == ("search", "graph networks", True)

    reader_client.post(f"/subscription/follows/{follow.pk}/remove/")

    assert subscription.follows.count() == 0


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Type what to follow"),
        ({"search": "(graph"}, "An opening bracket has no closing one."),
        ({"search": "after:tomorrow"}, "is not a day"),
        ({"author": "999999"}, "This topic or author is not here any more."),
    ],
)
def test_follow_says_what_is_wrong(reader_client: Client, subscription: Subscription, fields: Any, says: str) -> None:
    answer = reader_client.post("/subscription/follows/add/", fields)

    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert subscription.follows.count() == 0


def test_nobody_touches_somebody_elses_follow(reader_client: Client, subscription: Subscription) -> None:
    theirs = FollowFactory.create()

    reader_client.post(f"/subscription/follows/{theirs.pk}/remove/")

    assert Follow.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize("rows", [1, 30])
def test_follows_cost_the_same_queries_for_one_and_for_thirty(
    reader_client: Client, subscription: Subscription, django_assert_num_queries: Any, rows: int
) -> None:
    for _ in range(rows):
        FollowFactory.create(subscription=subscription, kind="topic", topic=TopicFactory.create())
        FollowFactory.create(subscription=subscription, kind="author", author=AuthorFactory.create())

    with django_assert_num_queries(6):
        page = reader_client.get("/subscription/follows/").content.decode()

    assert page.count("With author") == rows
