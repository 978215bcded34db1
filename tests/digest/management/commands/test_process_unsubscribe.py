"""Unsubscribing by mail: the token in the address decides, and nothing else."""

import io
import sys

import pytest
from django.core.management import call_command

from digest.models import Delivery, Subscription
from tests.factories import DeliveryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(subscription: Subscription) -> Delivery:
    return DeliveryFactory.create(subscription=subscription)


def process(monkeypatch: pytest.MonkeyPatch, mail: str) -> str:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(mail.encode())))
    said = io.StringIO()
    call_command("process_unsubscribe", stdout=said)
    return said.getvalue()


def has_left(subscription: Subscription) -> bool:
    subscription.refresh_from_db()
    return subscription.ended_at is not None


@pytest.mark.parametrize("header", ["To", "Delivered-To", "X-Original-To"])
def test_a_mail_to_the_address_unsubscribes(
    monkeypatch: pytest.MonkeyPatch, delivery: Delivery, subscription: Subscription, header: str
) -> None:
    process(monkeypatch, f"From: reader@example.org\n{header}: <unsub+{delivery.token}@papers.example.org>\n\n")

    assert has_left(subscription)


@pytest.mark.parametrize("address", ["unsub@x.org", "unsub+1.forged@x.org", "unsub+@x.org", "", "\x00"])
def test_a_mail_without_a_token_of_ours_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, delivery: Delivery, subscription: Subscription, address: str
) -> None:
    said = process(monkeypatch, f"From: reader@example.org\nTo: {address}\n\nplease {delivery.token}\n")

    assert "nothing was changed" in said
    assert not has_left(subscription)
