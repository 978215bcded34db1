"""Deliveries that are due, and the moment at which they are."""

from datetime import datetime
from typing import Any

from digest.models import Delivery
from tests.factories import NOW, DeliveryFactory, FollowFactory, SubscriptionFactory


def clock() -> datetime:
    return NOW


def due(address: str = "reader@example.org", **fields: Any) -> Delivery:
    """A due delivery of a reader who follows trending overall."""
    subscription = SubscriptionFactory.create(reader__email=address, **fields)
    FollowFactory.create(subscription=subscription)
    return DeliveryFactory.create(subscription=subscription)


def fresh(one: Delivery) -> Delivery:
    return Delivery.objects.get(pk=one.pk)
