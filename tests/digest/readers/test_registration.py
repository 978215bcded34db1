"""Becoming a reader, changing one's mind, leaving."""

import pytest

from digest.models import Subscription
from digest.readers import registration
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


def follows(subscription: Subscription) -> set[tuple[str, str, bool]]:
    return {(follow.kind, follow.label, follow.mutes) for follow in subscription.follows.all()}


def test_open_subscription_again_is_the_same_one() -> None:
    reader = UserFactory.create()
    first = registration.open_subscription(reader, now=NOW)
    first.follows.all().delete()

    assert registration.open_subscription(reader, now=NOW) == first
    assert follows(first) == set()


def test_confirm_twice_keeps_the_first_moment() -> None:
    subscription = registration.open_subscription(UserFactory.create(), now=NOW)
    registration.confirm(subscription, now=NOW)

    registration.confirm(subscription, now=NOW.replace(day=25))

    assert subscription.confirmed_at == NOW


@pytest.mark.parametrize(("name", "zone"), [("Asia/Tokyo", "Asia/Tokyo"), ("nowhere", "UTC"), ("", "UTC")])
def test_known_zone_falls_back_to_utc(name: str, zone: str) -> None:
    assert registration.known_zone(name) == zone
