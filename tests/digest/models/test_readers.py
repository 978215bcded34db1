"""Subscriptions that are due."""

from datetime import timedelta

import pytest

from digest.models import Subscription
from tests.factories import NOW, SubscriptionFactory

pytestmark = pytest.mark.django_db


def test_due_finds_active_subscriptions_whose_slot_has_come() -> None:
    due = SubscriptionFactory.create(next_due_at=NOW, next_due_on=NOW.date())
    SubscriptionFactory.create(next_due_at=NOW + timedelta(seconds=1), next_due_on=NOW.date())

    assert list(Subscription.objects.due(NOW)) == [due]
