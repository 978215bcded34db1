"""What a mail provider tells by its webhook: kept here, acted on by the next wake."""

import hashlib
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.dispatch import receiver
from django.utils import timezone

from digest.bounces import handling, reports
from digest.models import Delivery, MailEvent

Kind = MailEvent.Kind
_KINDS = {
    EventType.COMPLAINED: Kind.COMPLAINT,
    EventType.UNSUBSCRIBED: Kind.UNSUBSCRIBED,
}
# Of a bounce or a rejection: what says that the address is gone, and what that a person does not want us.
_REASONS = {
    RejectReason.INVALID: Kind.HARD,
    RejectReason.BOUNCED: Kind.HARD,
    RejectReason.SPAM: Kind.COMPLAINT,
    RejectReason.UNSUBSCRIBED: Kind.UNSUBSCRIBED,
}


@receiver(tracking, dispatch_uid="digest.keep_mail_event")
def keep_mail_event(event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """Keeps what matters of a provider's news. It is acted on by the next wake, not while the provider waits."""
    kind = _kind(event)
    address = (event.recipient or "").strip().lower()
    delivery = Delivery.objects.with_token(str((event.metadata or {}).get("delivery", "")))
    if not kind or not address or (delivery is None and not handling.is_reader(address)):
        return
    delivery_id = delivery.pk if delivery else None
    # Providers that number no events repeat them all the same.
    parts = f"{event.event_type}|{event.message_id}|{address}|{event.timestamp}"
    event_id = event.event_id or hashlib.sha256(parts.encode()).hexdigest()
    said = event.mta_response or event.description or event.reject_reason or ""
    handling.keep(
        f"{esp_name}:{event_id}", esp_name, kind, address, timezone.now(), delivery_id=delivery_id, said=str(said)
    )


def _kind(event: AnymailTrackingEvent) -> str:
    if event.event_type == EventType.BOUNCED:
        # Some providers call a full mailbox a bounce as well: the server's words decide where there are any.
        said = str(event.mta_response or "")
        kind = _REASONS.get(event.reject_reason, Kind.SOFT)
        return reports.classify("", said) if kind == Kind.HARD and said else kind
    if event.event_type == EventType.REJECTED:
        return _REASONS.get(event.reject_reason, "")
    return _KINDS.get(event.event_type, "")
