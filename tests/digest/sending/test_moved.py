"""A mail of which nobody knows whether it left, and a reader who has another address since."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import User
from digest import tokens
from digest.bounces import handling
from digest.models import Delivery, Suppression
from digest.sending import claims
from digest.sending.drain import drain_due
from tests.digest.claims import claim_of
from tests.factories import NOW, DeliveryFactory, FollowFactory, PaperFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=10)
FORMER, PRESENT = "former@example.org", "present@example.org"
GONE = (
    b"From: MAILER-DAEMON@x.example\r\nSubject: Undelivered\r\n\r\n<former@example.org>: host x said: 550 5.1.1 user"
    b" unknown\r\n"
)


@pytest.fixture
def one() -> Delivery:
    """It was being sent to the former address when its worker vanished."""
    subscription = SubscriptionFactory.create(reader__email=FORMER)
    FollowFactory.create(subscription=subscription)
    made = DeliveryFactory.create(subscription=subscription, mailed_to="")
    made.items.create(subscription=subscription, paper=PaperFactory.create(), position=0)
    claims.claim("a" * 32, NOW, 10)
    made.refresh_from_db()
    assert claims.advance("a" * 32, NOW, begun=claim_of(made)) == "sending"
    assert claims.sweep(LATER) == (0, 1)
    return made


def move(address: str) -> None:
    User.objects.filter(email__in=(FORMER, PRESENT)).update(email=address)


def test_it_goes_to_no_second_address_and_its_papers_count_as_sent(one: Delivery) -> None:
    move(PRESENT)

    drain_due(lambda: LATER)

    one.refresh_from_db()
    assert mail.outbox == []
    assert (one.state, one.reason, one.is_uncertain, one.items.count()) == ("skipped", claims.MOVED, True, 1)


def test_what_comes_back_concerns_the_address_that_was_mailed(one: Delivery) -> None:
    move(PRESENT)
    drain_due(lambda: LATER)

    assert handling.take_report(GONE, one.token, LATER) == ["hard"]

    assert list(Suppression.objects.values_list("address_hash", flat=True)) == [tokens.address_hash(FORMER)]


def test_it_goes_again_to_the_address_that_it_was_first_meant_for(one: Delivery) -> None:
    move(PRESENT)
    move(FORMER)

    drain_due(lambda: LATER)

    assert [message.to for message in mail.outbox] == [[FORMER]]
    one.refresh_from_db()
    assert (one.state, one.mailed_to) == ("sent", tokens.address_hash(FORMER))


def test_what_certainly_did_not_leave_goes_to_the_present_address(one: Delivery) -> None:
    Delivery.objects.update(is_uncertain=False)
    move(PRESENT)

    drain_due(lambda: LATER)

    assert [message.to for message in mail.outbox] == [[PRESENT]]
    one.refresh_from_db()
    assert one.mailed_to == tokens.address_hash(PRESENT)
