"""What a reader follows, as a list of feeds."""

from typing import Any

import pytest
from django.test import Client

from digest.models import Follow, Subscription
from tests.conftest import signed_in
from tests.factories import AuthorFactory, FollowFactory, PaperFactory, TopicFactory
from tests.papersite.syndication.test_opml import feeds


@pytest.mark.django_db
def test_a_readers_follows_are_theirs_alone_and_each_feed_is_there(
    subscription: Subscription, settings: Any, index: Any
) -> None:
    index()
    author, topic = AuthorFactory.create(name="Ada"), TopicFactory.create(name="Graphs", slug="graphs")
    PaperFactory.create(by=[author])
    subscription.follows.all().delete()
    for told in (
        {"kind": Follow.Kind.TOPIC, "topic": topic},
        {"kind": Follow.Kind.AUTHOR, "author": author},
        {"kind": Follow.Kind.SEARCH, "search": '"a b" & c'},
        {"kind": Follow.Kind.TRENDING},
        {"kind": Follow.Kind.TOPIC, "topic": TopicFactory.create(), "mutes": True},
    ):
        FollowFactory.create(subscription=subscription, **told)

    answer = signed_in(subscription.reader).get("/subscription/follows.opml")

    found = feeds(answer.content)
    assert list(found) == ["Ada", '"a b" & c', "Graphs", "Trending overall", "My digests", "Saved papers"]
    assert "no-store" in answer.headers["Cache-Control"]
    for address in found.values():
        assert Client().get(address.removeprefix(settings.SITE_URL)).status_code == 200, address
    assert Client().get("/subscription/follows.opml").status_code == 302
