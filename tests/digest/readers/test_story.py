"""All that the site knows of one reader's mail; the pages are in tests/digest/admin/test_stories.py."""

from datetime import timedelta

import pytest
from django.utils import timezone

from digest import tokens
from digest.models import Relay, Suppression
from digest.readers import story
from tests.factories import FollowFactory, SubscriptionFactory, UserFactory, sent

pytestmark = pytest.mark.django_db


def test_an_address_is_found_however_it_is_held() -> None:
    subscription = SubscriptionFactory.create(reader=UserFactory.create(email="ada@example.org"))

    assert story.find("ada@example.org") == subscription
    assert story.find("nobody@example.org") is None


def test_what_is_in_the_way_is_said_each_thing_once() -> None:
    now = timezone.now()
    subscription = SubscriptionFactory.create()
    assert story.of(subscription, now=now).in_the_way == ["They follow nothing."]
    FollowFactory.create(subscription=subscription)
    assert story.of(subscription, now=now).in_the_way == []

    Relay.objects.update_or_create(pk=1, defaults={"is_paused": True, "pause_reason": "New relay."})
    Suppression.objects.create(
        address_hash=tokens.address_hash(subscription.reader.email), reason="bounced", suppressed_at=now
    )

    told = story.of(subscription, now=now)
    assert len(told.in_the_way) == 2
    assert "All mail is paused. New relay." in told.in_the_way
    assert told.address.suppression is not None


def test_deliveries_come_newest_first_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story, "DELIVERIES", 2)
    subscription = SubscriptionFactory.create()
    today = timezone.now().date()
    mails = [sent(subscription, today - timedelta(days=days)) for days in (3, 2, 1)]

    first = story.of(subscription, now=timezone.now())
    rest = story.of(subscription, now=timezone.now(), before=first.older)

    assert [one.delivery for one in first.deliveries] == [mails[2], mails[1]]
    assert [one.delivery for one in rest.deliveries] == [mails[0]]
    assert rest.older is None
