"""How someone becomes a reader: a subscription is opened, and confirmed with the address."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from digest import totals, zones
from digest.models import Follow, Subscription
from digest.planning import changes


@transaction.atomic
def open_subscription(reader: User, *, now: datetime, time_zone: str = "") -> Subscription:
    """The reader's subscription, made with sensible defaults where there is none. It sends nothing
    until the address is confirmed."""
    subscription, is_new = Subscription.objects.get_or_create(
        reader=reader, defaults={"time_zone": known_zone(time_zone), "signed_up_at": now, "consent": changes.CONSENT}
    )
    if is_new:
        Follow.objects.create(subscription=subscription, kind=Follow.Kind.TRENDING)
    return subscription


def known_zone(name: str) -> str:
    """A browser's guess, or UTC where it is no zone."""
    return name if name in zones.names() else "UTC"


@transaction.atomic
def confirm(subscription: Subscription, *, now: datetime) -> None:
    """The address is the reader's own: from now on mail may go there."""
    if subscription.confirmed_at is None:
        changes.change(subscription, now=now, confirmed_at=now)
        totals.add(now.date(), totals.SIGN_UPS)
