"""What a reader follows and leaves out."""

import pytest

from digest.forms.follows import FollowForm, TopicsForm
from digest.models import Subscription
from tests.factories import TopicFactory

pytestmark = pytest.mark.django_db


def test_topics_form_shows_what_is_included(subscription: Subscription) -> None:
    topic = TopicFactory.create()
    subscription.follows.create(kind="topic", topic=topic)
    subscription.follows.create(kind="topic", topic=TopicFactory.create(), mutes=True)

    form = TopicsForm(subscription=subscription)

    assert (form.initial["topics"], form.initial["trending"]) == ([topic.pk], False)


def test_follow_form_takes_one_thing_at_a_time() -> None:
    topic = TopicFactory.create()

    assert FollowForm({"topic": topic.pk}).is_valid()
    assert not FollowForm({"topic": topic.pk, "search": "graph"}).is_valid()
    assert not FollowForm({"search": "   "}).is_valid()
