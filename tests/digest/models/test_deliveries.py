"""Reads that must mean the same on every database."""

from datetime import timedelta

import pytest

from digest.models import Delivery
from tests.factories import NOW, DeliveryFactory

pytestmark = pytest.mark.django_db


def test_expired_finds_only_leases_that_ran_out() -> None:
    fields = {"state": "claimed", "claimed_by": "x" * 32}
    lost = DeliveryFactory.create(**fields, lease_until=NOW - timedelta(seconds=1))
    DeliveryFactory.create(**fields, lease_until=NOW + timedelta(seconds=1))
    DeliveryFactory.create()

    assert list(Delivery.objects.expired(NOW)) == [lost]
