"""What becomes of bounces and complaints: each is kept under an id of its own, then acted on once.

    an address that is gone, a complaint, an unsubscription at the provider → suppressed at once
    refused for now, on several days within a month                         → suppressed

A suppression is known by the address's hash, and so outlives the account.
"""

import hashlib
import logging
import re
from datetime import datetime, timedelta

from django.db import transaction

from digest import registration, reports, tokens
from digest.models import Delivery, MailEvent, Subscription, Suppression

logger = logging.getLogger(__name__)

Kind = MailEvent.Kind
SOFT_DAYS = 5
SOFT_WITHIN = timedelta(days=30)
REASONS = {
    Kind.HARD: "The address does not exist any more.",
    Kind.SOFT: f"Mail was refused on {SOFT_DAYS} days within {SOFT_WITHIN.days}.",
    Kind.COMPLAINT: "A mail was called spam.",
    Kind.UNSUBSCRIBED: "Unsubscribed at the mail provider.",
}
_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")


def keep(
    event_id: str,
    source: str,
    kind: str,
    address: str,
    now: datetime,
    *,
    delivery_id: int | None = None,
    said: str = "",
) -> bool:
    """Notes an event; whether it is new. The same one again, a thousand times, changes nothing."""
    known = Delivery.objects.filter(pk=delivery_id).exists() if delivery_id is not None else False
    event = MailEvent(
        event_id=event_id[:200],
        source=source[:40],
        kind=kind,
        address_hash=tokens.address_hash(address),
        delivery_id=delivery_id if known else None,
        said=_ADDRESS.sub("…", said)[:300],
        received_at=now,
    )
    held = MailEvent.objects.filter(event_id=event.event_id).exists()
    MailEvent.objects.bulk_create([event], ignore_conflicts=True)
    return not held


def apply_new(now: datetime) -> int:
    """Acts on what was kept and not acted on yet; how many."""
    waiting = MailEvent.objects.filter(applied_at=None).order_by("received_at", "pk")
    return sum(_apply(event, now) for event in waiting[:1000])


@transaction.atomic
def _apply(event: MailEvent, now: datetime) -> bool:
    if not MailEvent.objects.filter(pk=event.pk, applied_at=None).update(applied_at=now):
        return False
    if event.kind != Kind.SOFT or _is_worn_out(event):
        _suppress(event, now)
    logger.info("bounce.applied event=%s kind=%s source=%s", event.pk, event.kind, event.source)
    return True


def _is_worn_out(event: MailEvent) -> bool:
    """Whether an address refused so often that asking again is a nuisance."""
    recent = MailEvent.objects.filter(
        address_hash=event.address_hash, kind=Kind.SOFT, received_at__gte=event.received_at - SOFT_WITHIN
    )
    return len({moment.date() for moment in recent.values_list("received_at", flat=True)}) >= SOFT_DAYS


def _suppress(event: MailEvent, now: datetime) -> None:
    kind = Kind(event.kind)
    Suppression.objects.get_or_create(
        address_hash=event.address_hash,
        defaults={
            "reason": REASONS[kind],
            "evidence": f"event {event.pk}, {event.source}, {event.received_at:%Y-%m-%d %H:%M} UTC: {event.said}"[:500],
            "suppressed_at": now,
        },
    )
    if kind in (Kind.COMPLAINT, Kind.UNSUBSCRIBED) and event.delivery is not None:
        subscription = event.delivery.subscription
        if tokens.address_hash(subscription.reader.email) == event.address_hash:
            registration.end(subscription, now=now)


def refused(delivery_id: int, address: str, said: str, now: datetime) -> None:
    """A mail server said no for good to our own session."""
    kind = reports.classify("", said)
    keep(f"smtp:{delivery_id}", "smtp", kind, address, now, delivery_id=delivery_id, said=said)
    apply_new(now)


def take_report(raw: bytes, token: str, now: datetime) -> list[str]:
    """Keeps and applies what a mailed report says of the delivery whose token it came with; the kinds."""
    number = tokens.read(token)
    delivery = Delivery.objects.select_related("subscription__reader").filter(pk=number).first() if number else None
    if delivery is None:
        return []
    kinds = []
    # One mail went to one address: whatever a report names, a forwarder's included, this is whom we mail.
    address = _mailed_address(raw, delivery)
    for report in reports.read(raw):
        digest = hashlib.sha256(f"{report.kind}{report.status}{report.said}".encode()).hexdigest()[:16]
        event_id = f"report:{delivery.pk}:{digest}"
        keep(
            event_id,
            "report",
            report.kind,
            address,
            now,
            delivery_id=delivery.pk,
            said=f"{report.status} {report.said}",
        )
        kinds.append(report.kind)
    apply_new(now)
    return kinds


def _mailed_address(raw: bytes, delivery: Delivery) -> str:
    """The address that the mail went to, which the reader may have changed since."""
    headers = reports.returned_headers(raw)
    if delivery.message_id in headers:
        found = re.search(r"^To:\s*<?([^\s<>]+@[^\s<>]+?)>?\s*$", headers, re.IGNORECASE | re.MULTILINE)
        if found:
            return found[1]
    return delivery.subscription.reader.email


def is_reader(address: str) -> bool:
    return Subscription.objects.filter(reader__email=address.strip().lower()).exists()
