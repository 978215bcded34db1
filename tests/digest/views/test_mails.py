"""What the links of a mail lead to."""

from typing import Any

import pytest
from django.test import Client

from digest import tokens
from tests.factories import (
    NOW,
    SubscriptionFactory,
    sent,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 30])
def test_delivery_on_the_web_costs_the_same_queries(client: Client, django_assert_num_queries: Any, rows: int) -> None:
    delivery = sent(SubscriptionFactory.create(), papers=rows)

    with django_assert_num_queries(6):
        page = client.get(delivery.get_absolute_url()).content.decode()

    assert page.count('class="card"') == rows
    assert page.count("You follow Graphs · Sound") == rows


def test_delivery_stays_readable_after_leaving(client: Client) -> None:
    delivery = sent(SubscriptionFactory.create(ended_at=NOW, next_due_on=None, next_due_at=None))

    assert "A digest" in client.get(delivery.get_absolute_url()).content.decode()


@pytest.mark.parametrize("page", ["", "unsubscribe/", "resubscribe/", "less/"])
@pytest.mark.parametrize("token", ["1", "1.forged", "x" * 300, "999999"])
def test_a_token_that_is_none_of_ours_opens_nothing(client: Client, page: str, token: str) -> None:
    delivery = sent(SubscriptionFactory.create())
    token = tokens.make(999_999) if token == "999999" else token

    answer = client.post(f"/d/{token}/{page}") if page else client.get(f"/d/{token}/")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    delivery.subscription.refresh_from_db()
    assert delivery.subscription.is_active
