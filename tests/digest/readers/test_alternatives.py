"""Less instead of leaving."""

from datetime import datetime

import pytest

from digest.models import Subscription
from digest.readers import alternatives

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", alternatives.ALTERNATIVES)
def test_each_choice_taken_twice_is_as_if_taken_once(subscription: Subscription, name: str) -> None:
    now = datetime.fromisoformat("2026-11-24T07:00Z")
    alternatives.take(subscription, name, now=now)
    once = Subscription.objects.values().get()

    alternatives.take(subscription, name, now=now)

    assert Subscription.objects.values().get() == once


def test_a_pause_counts_from_the_readers_own_today(subscription: Subscription) -> None:
    Subscription.objects.update(time_zone="Asia/Tokyo")
    subscription.refresh_from_db()

    alternatives.take(subscription, "week", now=datetime.fromisoformat("2026-11-23T20:00Z"))

    assert f"{subscription.paused_until}" == "2026-12-01"
