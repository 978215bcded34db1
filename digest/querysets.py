"""Reads of subscriptions and deliveries, each a chainable phrase that fetches nothing by itself."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import SHA256

if TYPE_CHECKING:
    from digest.models import Delivery, Subscription  # noqa: F401


class AddressHash(SHA256):
    """The SHA-256 of an address. Addresses are stored in lower case."""

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Django's own form needs the extension pgcrypto, which not every host may install.
        template = "ENCODE(SHA256(CONVERT_TO(%(expressions)s, 'UTF8')), 'hex')"
        return self.as_sql(compiler, connection, template=template, **context)


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
        return self.filter(ready, state="due", due_at__lte=now).order_by("due_at", "pk")

    def expired(self, now: datetime) -> "DeliveryQuerySet":
        """Those whose lease ran out; served by the index ``delivery_under_lease``."""
        return self.filter(state__in=["claimed", "sending"], lease_until__lt=now)

    def held_by(self, worker: str) -> "DeliveryQuerySet":
        return self.filter(claimed_by=worker)

    def welcome(self) -> "DeliveryQuerySet":
        """Those whose reader still wants them and may have them."""
        return self.alias(is_suppressed=self.suppression()).filter(
            Q(subscription__paused_until__isnull=True) | Q(subscription__paused_until__lte=F("day")),
            subscription__confirmed_at__isnull=False,
            subscription__ended_at__isnull=True,
            subscription__reader__is_active=True,
            is_suppressed=False,
        )

    @staticmethod
    def suppression() -> Exists:
        suppressions = apps.get_model("digest", "Suppression").objects
        return Exists(suppressions.filter(address_hash=AddressHash(OuterRef("subscription__reader__email"))))
