"""Followers go along with a topic that is taken into another."""

import pytest

from digest.following import merged_topics
from digest.models import Follow, Persona
from tests.factories import FollowFactory, SubscriptionFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_who_follows_or_mutes_the_one_has_the_other() -> None:
    old, new = TopicFactory.create(), TopicFactory.create()
    follower, muter, both = SubscriptionFactory.create_batch(3)
    FollowFactory.create(subscription=follower, kind=Follow.Kind.TOPIC, topic=old)
    FollowFactory.create(subscription=muter, kind=Follow.Kind.TOPIC, topic=old, mutes=True)
    FollowFactory.create(subscription=both, kind=Follow.Kind.TOPIC, topic=old)
    FollowFactory.create(subscription=both, kind=Follow.Kind.TOPIC, topic=new, mutes=True)

    merged_topics.move(old, new)

    rows = Follow.objects.values_list("subscription", "topic", "mutes")
    assert sorted(rows) == sorted([(follower.pk, new.pk, False), (muter.pk, new.pk, True), (both.pk, new.pk, True)])


def test_made_up_readers_go_along_too() -> None:
    old, new = TopicFactory.create(), TopicFactory.create()
    persona = Persona.objects.create(name="Somebody")
    persona.topics.add(old)
    persona.muted_topics.add(old)

    merged_topics.move(old, new)

    assert list(persona.topics.all()) == list(persona.muted_topics.all()) == [new]
