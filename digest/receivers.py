"""What a sign-up, a confirmed address and a provider's news set in motion. None of them knows of digests."""

import hashlib
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_signed_up
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from digest import bounces, follow_lists, follows, registration, reports, tokens
from digest.models import MailEvent, Subscription


@receiver(user_signed_up, dispatch_uid="digest.open_subscription")
def open_subscription(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """It follows what was chosen before; whoever only typed somebody's address changes nothing for that person."""
    opened = registration.open_subscription(user, now=timezone.now(), time_zone=request.POST.get("time_zone", ""))
    wanted = follow_lists.one(request.POST.get("follow", ""))
    if wanted is not None and not wanted.mutes:
        follows.begin_with(opened, wanted)


@receiver(email_confirmed, dispatch_uid="digest.confirm_subscription")
def confirm_subscription(email_address: EmailAddress, **kwargs: Any) -> None:
    subscription = Subscription.objects.filter(reader_id=email_address.user_id).first()
    if subscription is not None:
        registration.confirm(subscription, now=timezone.now())


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
    delivery_id = tokens.read(str((event.metadata or {}).get("delivery", "")))
    if not kind or not address or (delivery_id is None and not bounces.is_reader(address)):
        return
    # Providers that number no events repeat them all the same.
    parts = f"{event.event_type}|{event.message_id}|{address}|{event.timestamp}"
    event_id = event.event_id or hashlib.sha256(parts.encode()).hexdigest()
    said = event.mta_response or event.description or event.reject_reason or ""
    bounces.keep(
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
