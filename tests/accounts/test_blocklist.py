"""Addresses to which strangers can order no mail."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts import blocklist
from accounts.models import User
from digest.bounces.handling import REASONS
from digest.models import MailEvent, Suppression
from digest.tokens import address_hash
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

ADDRESS = "owner@example.org"


def suppress(kind: MailEvent.Kind) -> None:
    Suppression.objects.create(address_hash=address_hash(ADDRESS), reason=REASONS[kind])


def known() -> User:
    user = UserFactory.create(email=ADDRESS)
    EmailAddress.objects.create(user=user, email=ADDRESS, verified=True, primary=True)
    return user


@pytest.mark.parametrize("is_known", [True, False])
def test_the_box_sends_nothing_to_who_complained_and_answers_as_ever(client: Client, is_known: bool) -> None:
    if is_known:
        known()
    usual: Any = client.post("/accounts/signup/", {"email": "other@example.org"}, follow=True)
    assert len(mail.outbox) == 1
    suppress(MailEvent.Kind.COMPLAINT)

    answer: Any = Client().post("/accounts/signup/", {"email": ADDRESS}, follow=True)

    assert len(mail.outbox) == 1
    assert answer.redirect_chain == usual.redirect_chain
    assert answer.status_code == usual.status_code


@pytest.mark.parametrize("kind", [MailEvent.Kind.HARD, MailEvent.Kind.SOFT, MailEvent.Kind.UNSUBSCRIBED])
def test_who_bounced_or_left_can_begin_anew(client: Client, kind: MailEvent.Kind) -> None:
    suppress(kind)

    client.post("/accounts/signup/", {"email": ADDRESS})

    assert [message.to for message in mail.outbox] == [[ADDRESS]]


def test_a_reader_who_complained_still_gets_the_code_they_ask_for(client: Client) -> None:
    known()
    suppress(MailEvent.Kind.COMPLAINT)

    client.post("/accounts/login/", {"login": ADDRESS})

    assert mail.outbox[0].subject.endswith("is your code for Papersite")


def test_no_check_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocklist, "_checks", {})
    suppress(MailEvent.Kind.COMPLAINT)

    assert not blocklist.is_blocked(ADDRESS)
