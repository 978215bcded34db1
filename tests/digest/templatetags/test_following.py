"""The buttons of following, and the box that takes a choice along."""

from typing import Any

import pytest
from django.test import Client

from digest.following import follows
from digest.models import Subscription
from digest.templatetags.following import chosen, line
from tests.factories import AuthorFactory, PaperFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_strangers_get_the_box_with_the_choice(client: Client) -> None:
    topic, author = TopicFactory.create(slug="graphs"), AuthorFactory.create(name="Ada Lovelace")

    assert 'name="follow" value="topic:graphs"' in client.get("/topics/graphs/").content.decode()
    page = client.get(f"/authors/{author.pk}/").content.decode()
    assert 'name="follow" value="author:Ada Lovelace"' in page
    assert chosen(line(follows.of_topic(topic))) == topic.name
    assert chosen("topic:nothing") == chosen("") == chosen(None) == ""


@pytest.mark.parametrize(("mutes", "says"), [(False, "✓ Following"), (True, "✓ Muted")])
def test_readers_see_what_they_follow(
    reader_client: Client, subscription: Subscription, mutes: bool, says: str
) -> None:
    topic = TopicFactory.create(slug="graphs")
    before = reader_client.get("/topics/graphs/").content.decode()
    follows.put(subscription, follows.of_topic(topic, mutes=mutes))

    assert says not in before
    assert says in reader_client.get("/topics/graphs/").content.decode()


def test_one_without_a_subscription_is_led_to_it(client: Client) -> None:
    TopicFactory.create(slug="graphs")
    client.force_login(UserFactory.create(), backend="django.contrib.auth.backends.ModelBackend")

    assert "Start your digest to follow this" in client.get("/topics/graphs/").content.decode()


@pytest.mark.parametrize("path", ["/", "/topics/", "/topics/graphs/", "/papers/2611.00001/", "/archive/", "/nowhere/"])
def test_every_page_has_one_box_or_more_for_strangers_and_none_for_readers(
    client: Client, reader_client: Client, path: str
) -> None:
    PaperFactory.create(arxiv_id="2611.00001", in_topics=[TopicFactory.create(slug="graphs")])
    box: Any = 'action="/accounts/signup/"'

    assert box in client.get(path).content.decode()
    assert box not in reader_client.get(path).content.decode()
