"""Reads that must mean the same on every database."""

import hashlib
from datetime import timedelta

import pytest

from digest.models import Delivery, Subscription, Suppression
from tests.factories import NOW, DeliveryFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db


def test_due_finds_active_subscriptions_whose_slot_has_come() -> None:
    due = SubscriptionFactory.create(next_due_at=NOW, next_due_on=NOW.date())
    SubscriptionFactory.create(next_due_at=NOW + timedelta(seconds=1), next_due_on=NOW.date())

    assert list(Subscription.objects.due(NOW)) == [due]


@pytest.mark.parametrize("address", ["reader@example.org", "lesér+tag@exämple.org"])
def test_welcome_leaves_out_a_suppressed_address(address: str) -> None:
    kept_out = DeliveryFactory.create(subscription__reader__email=address)
    welcome = DeliveryFactory.create()
    Suppression.objects.create(address_hash=hashlib.sha256(address.encode()).hexdigest(), reason="complained")

    assert list(Delivery.objects.welcome()) == [welcome]
    assert kept_out.state == "due"


def test_expired_finds_only_leases_that_ran_out() -> None:
    fields = {"state": "claimed", "claimed_by": "x" * 32}
    lost = DeliveryFactory.create(**fields, lease_until=NOW - timedelta(seconds=1))
    DeliveryFactory.create(**fields, lease_until=NOW + timedelta(seconds=1))
    DeliveryFactory.create()

    assert list(Delivery.objects.expired(NOW)) == [lost]
