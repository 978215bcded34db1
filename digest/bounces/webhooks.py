"""What a mail provider tells by its webhook: kept here, acted on by the next wake."""

import hashlib
import logging
from collections.abc import Mapping
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.dispatch import receiver
from django.utils import timezone
from django.utils.encoding import punycode

from digest import tokens
from digest.bounces import handling
from digest.models import MailEvent

logger = logging.getLogger(__name__)

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
    RejectReason.BLOCKED: Kind.OURS,
    RejectReason.UNSUBSCRIBED: Kind.UNSUBSCRIBED,
}


@receiver(tracking, dispatch_uid="digest.keep_mail_event")
def keep_mail_event(event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """Keeps what matters of a provider's news. It is acted on by the next wake, not while the provider waits.

    News of a delivery count for the address that it went to and for no other. News of other mail, such as
    codes for signing in, name no delivery: they count where the address is a reader's.
    """
    kind, address = _kind(event), _address(event)
    if not kind or not address:
        return
    told = event.metadata if isinstance(event.metadata, Mapping) else {}
    token = str(told.get("delivery", ""))
    delivery = handling.delivery_of(token) if token else None
    is_ours = delivery.mailed_to == tokens.address_hash(address) if delivery else handling.is_reader(address)
    if not is_ours or (token and delivery is None):
        logger.warning("webhook.not_ours provider=%s type=%s", esp_name, event.event_type)
        return
    # Providers that number no events repeat them all the same.
    parts = f"{event.event_type}|{event.message_id}|{address}|{event.timestamp}"
    event_id = event.event_id or hashlib.sha256(parts.encode(errors="backslashreplace")).hexdigest()
    said = event.mta_response or event.description or event.reject_reason or ""
    delivery_id = delivery.pk if delivery else None
    handling.keep(
        f"{esp_name}:{event_id}", esp_name, kind, address, timezone.now(), delivery_id=delivery_id, said=str(said)
    )


def _address(event: AnymailTrackingEvent) -> str:
    """The recipient as accounts have addresses: in lower case, the domain in ASCII."""
    recipient = str(event.recipient or "").strip().lower()
    # JSON writes signs that no database takes.
    local, at, domain = recipient.rpartition("@") if recipient.isprintable() else ("", "", "")
    try:
        return f"{local}@{punycode(domain)}" if at else ""
    except UnicodeError:
        return ""


def _kind(event: AnymailTrackingEvent) -> str:
    if event.event_type == EventType.BOUNCED:
        # Some providers call a full mailbox a bounce as well, and SendGrid and Mandrill give no reason of their own:
        # the server's words decide where there are any.
        said = str(event.mta_response or "")
        kind = _REASONS.get(event.reject_reason, Kind.SOFT)
        is_open = kind == Kind.HARD or event.reject_reason in (None, RejectReason.OTHER)
        return handling.understood(str(event.recipient or ""), said) if is_open and said else kind
    if event.event_type == EventType.REJECTED:
        return _REASONS.get(event.reject_reason, "")
    return _KINDS.get(event.event_type, "")
