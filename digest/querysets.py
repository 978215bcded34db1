"""Reads of subscriptions and deliveries, each a chainable phrase that fetches nothing by itself."""

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from digest.models import Delivery, Subscription  # noqa: F401


# As the indexes have it, word for word: SQLite compares a partial index with nothing but constants.
DUE = "digest_delivery.state = 'due'"
LEASED = "digest_delivery.state IN ('claimed', 'sending')"


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def active(self) -> "SubscriptionQuerySet":
        return self.filter(confirmed_at__isnull=False, ended_at__isnull=True)

    def due(self, now: datetime) -> "SubscriptionQuerySet":
        """Those whose next slot has come; served by the index ``subscription_by_next_due``."""
        return self.active().filter(next_due_at__lte=now).order_by("next_due_at", "pk")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Those to claim, longest due first; served by the index ``delivery_due``."""
        ready = Q(not_before__isnull=True) | Q(not_before__lte=now)
        found = self.filter(ready, due_at__lte=now).order_by("due_at", "pk")
        return found._where(DUE)

    def expired(self, now: datetime) -> "DeliveryQuerySet":
        """Those whose lease ran out; served by the index ``delivery_held``, read whole."""
        return self.filter(lease_until__lt=now)._where(LEASED)

    def held_by(self, worker: str) -> "DeliveryQuerySet":
        """Those a worker has; served by the same index."""
        return self.filter(claimed_by=worker)._where(LEASED)

    def _where(self, condition: str) -> "DeliveryQuerySet":
        return cast("DeliveryQuerySet", self.extra(where=[condition]))  # noqa: S610  one of the two above
