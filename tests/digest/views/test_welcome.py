"""A newcomer's three steps."""

from typing import Any

import pytest
from django.test import Client

from digest.models import Subscription
from tests.factories import AuthorFactory, FollowFactory, PaperFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db

SCHEDULE = {
    "rhythm": "days", "days": ["0", "2"], "send_at": "06:00", "time_zone": "Asia/Tokyo", "cap": "5",
    "on_quiet_days": "nothing",
}  # fmt: skip


def test_the_steps_lead_on_and_can_be_come_back_to(reader_client: Client, subscription: Subscription) -> None:
    topic = TopicFactory.create()
    for _ in range(2):
        answer: Any = reader_client.post("/subscription/welcome/", {"topics": [topic.pk]})
        assert answer.headers["Location"] == "/subscription/welcome/schedule/"
        assert reader_client.get(answer.headers["Location"]).status_code == 200
        answer = reader_client.post("/subscription/welcome/schedule/", SCHEDULE)
        assert answer.headers["Location"] == "/subscription/welcome/preview/"
        assert "5" in reader_client.get(answer.headers["Location"]).content.decode()

    subscription.refresh_from_db()
    assert (subscription.weekdays, subscription.time_zone, subscription.cap) == (0b101, "Asia/Tokyo", 5)
    assert [follow.topic for follow in subscription.follows.all()] == [topic]
    assert "checked" in reader_client.get("/subscription/welcome/").content.decode()


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
    answer = reader_client.post("/subscription/welcome/", {"sent": "1"} | fields)

    assert answer.status_code == 400
    assert says in answer.content.decode()


def test_an_author_chosen_before_is_enough_and_stays(reader_client: Client, subscription: Subscription) -> None:
    FollowFactory.create(subscription=subscription, kind="author", author=AuthorFactory.create(name="Ada Lovelace"))

    assert "Ada Lovelace" in reader_client.get("/subscription/welcome/").content.decode()
    assert reader_client.post("/subscription/welcome/", {"sent": "1"}).status_code == 302
    assert subscription.follows.get().label == "Ada Lovelace"


def test_a_topic_that_is_offered_no_more_stays_with_who_has_it(
    reader_client: Client, subscription: Subscription
) -> None:
    old = TopicFactory.create(name="Retired", is_offered=False)
    FollowFactory.create(subscription=subscription, kind="topic", topic=old)

    assert "Retired" in reader_client.get("/subscription/welcome/").content.decode()
    assert reader_client.post("/subscription/welcome/", {"topics": [old.pk]}).status_code == 302


def test_a_schedule_without_a_day_is_refused(reader_client: Client, subscription: Subscription) -> None:
    answer = reader_client.post("/subscription/welcome/schedule/", SCHEDULE | {"days": []})

    assert answer.status_code == 400


def test_one_without_a_subscription_starts_one_first(client: Client) -> None:
    client.force_login(UserFactory.create(), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/subscription/welcome/").headers["Location"] == "/subscription/"


@pytest.mark.parametrize("rows", [1, 30])
def test_topics_with_examples_cost_the_same_queries(
    reader_client: Client, subscription: Subscription, django_assert_num_queries: Any, rows: int
) -> None:
    for topic in TopicFactory.create_batch(rows):
        PaperFactory.create(in_topics=[topic])
        FollowFactory.create(subscription=subscription, kind="topic", topic=topic)

    with django_assert_num_queries(8):
        reader_client.get("/subscription/welcome/")
