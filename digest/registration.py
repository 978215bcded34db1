"""How someone becomes a reader, changes their mind, and leaves."""

import time
from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from django.db import connection, transaction
from django.db.models import F

from accounts.models import User
from digest import planning, tokens
from digest.models import Delivery, DeliveryItem, Follow, Hand, Subscription, Suppression

CONSENT = "Send me one mail a day with trending research papers, until I unsubscribe."
LEFT = "You unsubscribed."


@transaction.atomic
def open_subscription(reader: User, *, now: datetime, time_zone: str = "") -> Subscription:
    """The reader's subscription, made with sensible defaults where there is none. It sends nothing
    until the address is confirmed."""
    subscription, is_new = Subscription.objects.get_or_create(
        reader=reader, defaults={"time_zone": known_zone(time_zone), "signed_up_at": now, "consent": CONSENT}
    )
    if is_new:
        Follow.objects.create(subscription=subscription, kind=Follow.Kind.TRENDING)
    return subscription


def known_zone(name: str) -> str:
    """A browser's guess, or UTC where it is no zone."""
    return name if name in available_timezones() else "UTC"


@transaction.atomic
def confirm(subscription: Subscription, *, now: datetime) -> None:
    """The address is the reader's own: from now on mail may go there."""
    if subscription.confirmed_at is None:
        change(subscription, now=now, confirmed_at=now)


def end(subscription: Subscription, *, now: datetime) -> None:
    """No digest any more, at once: what is planned and not yet on its way is skipped.

    It returns when a mail that was in a worker's hands at that moment has left them: nothing comes
    after the reader was told.
    """
    with transaction.atomic():
        if subscription.ended_at is None:
            change(subscription, now=now, ended_at=now)
        waiting = subscription.deliveries.filter(state=Delivery.State.DUE)
        # Their papers are free again, unless the mail may have arrived.
        DeliveryItem.objects.filter(delivery__in=waiting.filter(is_uncertain=False)).delete()
        waiting.update(state=Delivery.State.SKIPPED, reason=LEFT, settled_at=now)
    if not connection.in_atomic_block:
        wait_for_mail_in_hand(subscription, now=now)


def wait_for_mail_in_hand(subscription: Subscription, *, now: datetime, seconds: float = 3.0) -> None:
    """Not for long: a mail server that does not answer is not the reader's to wait for."""
    mine = subscription.deliveries.values("pk")
    in_hand = Hand.objects.filter(begun__in=mine, begun__gt=F("done"), lease_until__gt=now)
    until = time.monotonic() + seconds
    while in_hand.exists() and time.monotonic() < until:
        time.sleep(0.02)


def why_unwelcome(subscription: Subscription, day: date) -> str:
    """The reason, in words for the reader, why a digest of that day must not go out; empty if it may."""
    if subscription.ended_at is not None:
        return LEFT
    if subscription.confirmed_at is None:
        return "Your address is not confirmed."
    if not subscription.reader.is_active:
        return "Your account is closed."
    if subscription.paused_until is not None and subscription.paused_until > day:
        return f"Paused until {subscription.paused_until:%d %B %Y}."
    if Suppression.objects.filter(address_hash=tokens.address_hash(subscription.reader.email)).exists():
        return "Mail to this address bounced or was refused."
    return ""


@transaction.atomic
def resume(subscription: Subscription, *, now: datetime, **changed: Any) -> None:
    """Back again, with the follows and the schedule as they were, or with less of it."""
    held = _locked(subscription)
    if held.ended_at is not None:
        held.ended_at = None
        held.consent, held.signed_up_at = CONSENT, now
    _set(held, changed)
    planning.reschedule(held, now)
    held.save()
    subscription.refresh_from_db()


@transaction.atomic
def change(subscription: Subscription, *, now: datetime, **changed: Any) -> None:
    """Saves what is new in a schedule; a day that had its digest gets no second one, and none is lost."""
    held = _locked(subscription)
    _set(held, changed)
    planning.reschedule(held, now)
    held.save()
    subscription.refresh_from_db()


def _locked(subscription: Subscription) -> Subscription:
    """The row as it is now, kept from the planner until what changes is saved."""
    return Subscription.objects.select_for_update(of=("self",)).select_related("reader").get(pk=subscription.pk)


def _set(subscription: Subscription, changed: dict[str, Any]) -> None:
    for name, value in changed.items():
        setattr(subscription, name, value)
