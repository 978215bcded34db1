"""Reads that must mean the same on every database."""

from datetime import timedelta

import pytest

from digest.models import Delivery, Subscription
from tests.factories import NOW, DeliveryFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db


def test_due_finds_active_subscriptions_whose_slot_has_come() -> None:
    due = SubscriptionFactory.create(next_due_at=NOW, next_due_on=NOW.date())
    SubscriptionFactory.create(next_due_at=NOW + timedelta(seconds=1), next_due_on=NOW.date())

    assert list(Subscription.objects.due(NOW)) == [due]


def test_expired_finds_only_leases_that_ran_out() -> None:
    fields = {"state": "claimed", "claimed_by": "x" * 32}
    lost = DeliveryFactory.create(**fields, lease_until=NOW - timedelta(seconds=1))
    DeliveryFactory.create(**fields, lease_until=NOW + timedelta(seconds=1))
    DeliveryFactory.create()

    assert list(Delivery.objects.expired(NOW)) == [lost]
