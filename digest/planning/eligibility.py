"""Whether a digest may go to a reader at all."""

from datetime import date

from digest import tokens
from digest.models import Subscription, Suppression

LEFT = "You unsubscribed."


def why_ineligible(subscription: Subscription, day: date) -> str:
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
