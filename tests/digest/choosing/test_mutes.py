"""Which papers mutes keep out."""

import pytest
from django.db.models import Q

from digest.choosing import mutes
from papersite.catalogue.models import PaperTopic
from tests.factories import AuthorFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_each_mute_keeps_its_own_papers_out_of_those_that_may_come() -> None:
    topic, author = TopicFactory.create(), AuthorFactory.create()
    one, other, third = (PaperFactory.create(in_topics=[topic], by=[author]) for _ in range(3))
    PaperTopic.objects.filter(paper=other).update(belongs=False, origin=PaperTopic.Origin.CURATOR)
    targets = [("topic", topic.pk), ("author", author.pk), ("search", "whales")]

    found = mutes.muted(targets, Q(paper__in=[one.pk, other.pk]), lambda texts: {text: {third.pk} for text in texts})

    assert found == {
        ("topic", topic.pk): {one.pk}, ("author", author.pk): {one.pk, other.pk}, ("search", "whales"): {third.pk},
    }  # fmt: skip
