"""When mail comes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from digest.models import Subscription
from tests.factories import (
    sent,
)

pytestmark = pytest.mark.django_db


def form(**fields: Any) -> dict[str, Any]:
    return {
        "days": ["0", "1", "2", "3", "4"], "send_at": "06:00", "time_zone": "Asia/Tokyo", "cap": "7",
    } | fields  # fmt: skip


def test_schedule_keeps_what_is_chosen(reader_client: Client, subscription: Subscription) -> None:
    answer = reader_client.post("/subscription/schedule/", form(paused_until="2999-01-01"))

    subscription.refresh_from_db()
    assert answer.headers["Location"] == "/subscription/schedule/"
    assert (subscription.send_at.hour, subscription.time_zone, subscription.cap) == (6, "Asia/Tokyo", 7)
    assert (subscription.weekdays, subscription.paused_until) == (0b11111, date(2999, 1, 1))
    assert subscription.next_due_on == date(2999, 1, 1)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"days": []}, "Choose at least one day"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"cap": "0"}, "greater than or equal to 1"),
        ({"cap": "31"}, "less than or equal to 30"),
        ({"send_at": "25:00"}, "Select a valid choice"),
    ],
)
def test_schedule_says_what_is_wrong_and_changes_nothing(
    reader_client: Client, subscription: Subscription, fields: dict[str, Any], says: str
) -> None:
    answer = reader_client.post(
        "/subscription/schedule/", {key: value for key, value in form(**fields).items() if value != ""}
    )

    before = subscription.time_zone
    subscription.refresh_from_db()
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert subscription.time_zone == before


def test_a_new_hour_gives_no_second_digest_to_a_day(reader_client: Client, subscription: Subscription) -> None:
    from django.utils import timezone

    today = timezone.now().date()
    sent(subscription, today + timedelta(days=1))

    reader_client.post("/subscription/schedule/", form(time_zone="UTC", days=list("0123456")))

    subscription.refresh_from_db()
    assert subscription.next_due_on == today + timedelta(days=2)
