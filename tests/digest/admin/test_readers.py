"""The desk for readers."""

import pytest
from django.test import Client
from django.urls import reverse

from digest import models
from tests.factories import SubscriptionFactory

pytestmark = pytest.mark.django_db


def test_a_changed_schedule_moves_the_next_slot(curator_client: Client) -> None:
    subscription = SubscriptionFactory.create()
    before = subscription.next_due_at

    curator_client.post(
        reverse("admin:digest_subscription_change", args=[subscription.pk]),
        {
            "reader": subscription.reader.pk, "time_zone": "Asia/Tokyo", "send_at": "06:30",
            "weekdays": "127", "cap": "5", "on_quiet_days": "nothing", "close_to_saved": "few",
            "follows-TOTAL_FORMS": "0", "follows-INITIAL_FORMS": "0",
        },
    )  # fmt: skip

    subscription.refresh_from_db()
    assert (subscription.time_zone, subscription.cap) == ("Asia/Tokyo", 5)
    assert subscription.next_due_at != before


def test_readers_who_asked_are_unsubscribed(curator_client: Client) -> None:
    one, other = SubscriptionFactory.create_batch(2)

    page = curator_client.post(
        reverse("admin:digest_subscription_changelist"), {"action": "end", "_selected_action": [one.pk]}, follow=True
    ).content.decode()

    assert "1 unsubscribed" in page
    assert list(models.Subscription.objects.filter(ended_at=None)) == [other]
