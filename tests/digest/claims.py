"""A delivery as its worker would hold it."""

from digest.models import Delivery
from digest.types import Claim


def claim_of(delivery: Delivery) -> Claim:
    subscription = delivery.subscription
    return Claim(
        delivery.pk, delivery.day, subscription.pk, delivery.due_at, subscription.reader.email, subscription.cap,
        delivery.attempts, delivery.assembled_at, delivery.token, delivery.message_id,
        wants_news=subscription.wants_news,
    )  # fmt: skip
