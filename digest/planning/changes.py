"""What a reader changes of their subscription, and what becomes of the mail that was planned."""

import time
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from digest import totals
from digest.models import BatchCursor, Delivery, DeliveryItem, Subscription
from digest.planning import planner
from digest.planning.eligibility import LEFT

CONSENT = "Send me one mail a day with trending research papers, until I unsubscribe."


@transaction.atomic
def resume(subscription: Subscription, *, now: datetime, **changed: Any) -> None:
    """Back again, with the follows and the schedule as they were, or with less of it."""
    held = _locked(subscription)
    if held.ended_at is not None:
        held.ended_at = None
        held.consent, held.signed_up_at = CONSENT, now
        totals.add(now.date(), totals.SIGN_UPS)
    _set(held, changed)
    planner.reschedule(held, now)
    held.save()
    subscription.refresh_from_db()


@transaction.atomic
def change(subscription: Subscription, *, now: datetime, **changed: Any) -> None:
    """Saves what is new in a schedule; a day that had its digest gets no second one, and none is lost."""
    held = _locked(subscription)
    _set(held, changed)
    planner.reschedule(held, now)
    held.save()
    subscription.refresh_from_db()


def _locked(subscription: Subscription) -> Subscription:
    """The row as it is now, kept from the planner until what changes is saved."""
    return Subscription.objects.select_for_update(of=("self",)).select_related("reader").get(pk=subscription.pk)


def _set(subscription: Subscription, changed: dict[str, Any]) -> None:
    for name, value in changed.items():
        setattr(subscription, name, value)


def end(subscription: Subscription, *, now: datetime) -> None:
    """No digest any more, at once: what is planned and not yet on its way is skipped.

    It returns when a mail that a worker was sending at that moment has left it: nothing comes
    after the reader was told.
    """
    with transaction.atomic():
        if subscription.ended_at is None:
            change(subscription, now=now, ended_at=now)
            totals.add(now.date(), totals.LEAVERS)
        waiting = subscription.deliveries.filter(state=Delivery.State.DUE)
        # Their papers are free again, unless the mail may have arrived.
        DeliveryItem.objects.filter(delivery__in=waiting.filter(is_uncertain=False)).delete()
        waiting.update(state=Delivery.State.SKIPPED, reason=LEFT, settled_at=now)
    if not connection.in_atomic_block:
        wait_for_mail_being_sent(subscription, now=now)


def wait_for_mail_being_sent(subscription: Subscription, *, now: datetime, seconds: float = 3.0) -> None:
    """At most so many seconds: nobody has to wait for a mail server that does not answer."""
    mine = subscription.deliveries.values("pk")
    being_sent = BatchCursor.objects.filter(begun__in=mine, begun__gt=F("done"), lease_until__gt=now)
    until = time.monotonic() + seconds
    while being_sent.exists() and time.monotonic() < until:
        time.sleep(0.02)
