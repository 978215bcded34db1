"""Leaving, less of it instead, and coming back."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from digest import tokens
from digest.models import Subscription, Suppression
from tests.factories import NOW, DeliveryFactory, FollowFactory, SubscriptionFactory, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def left(**fields: Any) -> Subscription:
    return SubscriptionFactory.create(ended_at=NOW, next_due_on=None, next_due_at=None, **fields)


@pytest.mark.parametrize("method", ["get", "head"])
def test_unsubscribe_by_a_scanner_changes_nothing(client: Client, method: str) -> None:
    delivery = sent(SubscriptionFactory.create())

    answer = getattr(client, method)(f"/d/{delivery.token}/unsubscribe/")

    delivery.subscription.refresh_from_db()
    assert answer.status_code == 200
    assert delivery.subscription.is_active


def test_unsubscribe_by_one_post_needs_no_cookie_and_does_not_redirect() -> None:
    delivery = sent(SubscriptionFactory.create())
    client = Client(enforce_csrf_checks=True)

    answers = [client.post(f"/d/{delivery.token}/unsubscribe/", {"List-Unsubscribe": "One-Click"}) for _ in range(2)]

    delivery.subscription.refresh_from_db()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "You are unsubscribed" in answers[0].content.decode()
    assert delivery.subscription.ended_at is not None


def test_resubscribe_is_one_click_back(client: Client) -> None:
    delivery = sent(SubscriptionFactory.create(ended_at=NOW, next_due_on=None, next_due_at=None))

    page = client.post(f"/d/{delivery.token}/resubscribe/").content.decode()

    delivery.subscription.refresh_from_db()
    assert "Welcome back" in page
    assert delivery.subscription.is_active


CHANGES = [
    ("week", {"paused_until": date(2026, 11, 30)}),
    ("month", {"paused_until": date(2026, 12, 23)}),
    ("weekdays", {"weekdays": 0b0011111}),
    ("weekly", {"weekdays": 0b0010000}),
    ("five", {"cap": 5}),
]


@pytest.mark.parametrize(("choice", "changed"), CHANGES)
def test_less_is_one_click_by_the_link_before_leaving_and_after(
    client: Client, choice: str, changed: dict[str, Any]
) -> None:
    for held in (SubscriptionFactory.create(), left()):
        FollowFactory.create(subscription=held)

        answers = [client.post(f"/d/{sent(held).token}/less/", {"choice": choice})]
        answers.append(client.post(f"/d/{held.deliveries.get().token}/less/", {"choice": choice}))

        held.refresh_from_db()
        assert [answer.status_code for answer in answers] == [200, 200]
        assert held.is_active
        assert {name: getattr(held, name) for name in changed} == changed
        assert held.follows.count() == 1
        assert "The next digest is due on" in answers[0].content.decode()


@pytest.mark.parametrize(("choice", "changed"), CHANGES)
def test_less_is_one_click_signed_in(
    reader_client: Client, subscription: Subscription, choice: str, changed: dict[str, Any]
) -> None:
    reader_client.post("/subscription/less/", {"choice": choice})

    subscription.refresh_from_db()
    assert {name: getattr(subscription, name) for name in changed} == changed


def test_less_never_makes_more(client: Client) -> None:
    held = SubscriptionFactory.create(cap=3)

    client.post(f"/d/{sent(held).token}/less/", {"choice": "five"})

    held.refresh_from_db()
    assert held.cap == 3


@pytest.mark.parametrize("choice", ["", "everything"])
def test_less_of_nothing_we_offer_is_not_there(client: Client, choice: str) -> None:
    assert client.post(f"/d/{sent(SubscriptionFactory.create()).token}/less/", {"choice": choice}).status_code == 404


def test_less_is_no_get(client: Client) -> None:
    assert client.get(f"/d/{sent(SubscriptionFactory.create()).token}/less/").status_code == 405


def test_the_page_offers_less_before_and_only_the_way_back_after(client: Client) -> None:
    path = f"/d/{sent(SubscriptionFactory.create()).token}/unsubscribe/"

    assert client.get(path).content.decode().count('name="choice"') == 5
    page = client.post(path).content.decode()

    assert "Subscribe again" in page
    assert ('name="choice"' in page, 'class="subscribe' in page) == (False, False)


def test_who_comes_back_to_a_stopped_address_is_told(client: Client) -> None:
    held = left()
    Suppression.objects.create(
        address_hash=tokens.address_hash(held.reader.email), reason="A mail was called spam.", suppressed_at=NOW
    )

    page = client.post(f"/d/{sent(held).token}/resubscribe/").content.decode()

    assert "Mail to your address is stopped, though: A mail was called spam." in page
    assert "due on" not in page


def test_end_and_resume_keep_the_follows(reader_client: Client, subscription: Subscription) -> None:
    FollowFactory.create(subscription=subscription)
    waiting = DeliveryFactory.create(subscription=subscription)

    reader_client.post("/subscription/end/")
    subscription.refresh_from_db()
    waiting.refresh_from_db()
    assert (subscription.is_active, subscription.next_due_at) == (False, None)
    assert (waiting.state, waiting.reason) == ("skipped", "You unsubscribed.")

    reader_client.post("/subscription/resume/")
    subscription.refresh_from_db()
    assert subscription.is_active
    assert subscription.next_due_at is not None
    assert subscription.follows.count() == 1
