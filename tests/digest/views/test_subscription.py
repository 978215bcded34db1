"""A reader's own first page."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from digest.models import Subscription
from tests.factories import (
    NOW,
    DeliveryFactory,
    UserFactory,
    sent,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 30])
def test_subscription_costs_the_same_queries_for_one_row_and_for_thirty(
    reader_client: Client, subscription: Subscription, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        sent(subscription, NOW.date() - timedelta(days=number), papers=2)

    with django_assert_num_queries(9):
        page = reader_client.get("/subscription/").content.decode()

    assert page.count(">A digest</a>") == rows


def test_subscription_says_why_a_day_brought_nothing(reader_client: Client, subscription: Subscription) -> None:
    DeliveryFactory.create(subscription=subscription, state="empty", reason="Nothing new matched what you follow.")
    DeliveryFactory.create(state="empty", reason="Somebody else's reason.")

    page = reader_client.get("/subscription/").content.decode()

    assert "Nothing to send: Nothing new matched what you follow." in page
    assert "Somebody else" not in page


def test_an_account_without_subscription_is_offered_one() -> None:
    client = Client()
    client.force_login(UserFactory.create(), backend="django.contrib.auth.backends.ModelBackend")

    assert "Start your daily digest" in client.get("/subscription/").content.decode()
    client.post("/subscription/start/", {"time_zone": "Europe/Berlin"})

    made = Subscription.objects.get()
    assert (made.is_active, made.time_zone) == (True, "Europe/Berlin")


@pytest.mark.parametrize("name", ["start", "end", "resume", "follows/add"])
def test_a_form_sent_after_the_session_ended_leads_to_the_sign_in_and_then_to_the_page(
    client: Client, name: str
) -> None:
    assert client.post(f"/subscription/{name}/").headers["Location"] == "/accounts/login/"
