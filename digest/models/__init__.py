"""What is mailed, to whom and when."""

from digest.models.deliveries import BatchCursor, Delivery, DeliveryItem, LedgerMonth, MailedPaper
from digest.models.editions import Edition, EditionRevision, EditionRules, Pick, Tally
from digest.models.personas import Persona
from digest.models.readers import MAX_CAP, Follow, Opinion, Subscription, check_time_zone
from digest.models.relays import Handover, HighWaterMark, MailEvent, Relay, Suppression

__all__ = [
    "MAX_CAP",
    "BatchCursor",
    "Delivery",
    "DeliveryItem",
    "Edition",
    "EditionRevision",
    "EditionRules",
    "Follow",
    "Handover",
    "HighWaterMark",
    "LedgerMonth",
    "MailEvent",
    "MailedPaper",
    "Opinion",
    "Persona",
    "Pick",
    "Relay",
    "Subscription",
    "Suppression",
    "Tally",
    "check_time_zone",
]
