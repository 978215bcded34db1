"""What is mailed, to whom and when."""

from digest.models.deliveries import BatchCursor, Delivery, DeliveryItem, LedgerMonth, MailedPaper
from digest.models.editions import Edition, Pick
from digest.models.readers import MAX_CAP, Follow, Opinion, Subscription, check_time_zone
from digest.models.relays import Handover, HighWaterMark, MailEvent, Relay, Suppression

__all__ = [
    "MAX_CAP",
    "BatchCursor",
    "Delivery",
    "DeliveryItem",
    "Edition",
    "Follow",
    "Handover",
    "HighWaterMark",
    "LedgerMonth",
    "MailEvent",
    "MailedPaper",
    "Opinion",
    "Pick",
    "Relay",
    "Subscription",
    "Suppression",
    "check_time_zone",
]
