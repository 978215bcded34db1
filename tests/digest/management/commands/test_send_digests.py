"""Digests by hand: rehearsed, to one reader, to all, and never twice."""

import io
from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command

from digest.models import Delivery, DeliveryItem, Subscription
from tests.factories import NOW, FollowFactory, PaperFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def follower(subscription: Subscription) -> Subscription:
    PaperFactory.create(title="The one paper")
    FollowFactory.create(subscription=subscription)
    return subscription


def send(*arguments: str) -> str:
    output = io.StringIO()
    call_command("send_digests", *arguments, stdout=output)
    return output.getvalue()


def test_dry_run_says_who_would_get_what_and_why_and_changes_nothing(follower: Subscription) -> None:
    assert send("--dry-run") == (
        "reader@example.org 2026-11-23 papers=1\n    The one paper (trending Trending overall)\n"
    )
    assert (Delivery.objects.count(), DeliveryItem.objects.count(), mail.outbox) == (0, 0, [])


def test_dry_run_says_why_nothing_would_go_out(subscription: Subscription) -> None:
    assert send("--dry-run", "--day", "2026-11-30") == (
        "reader@example.org 2026-11-30 papers=0\n    Nothing new was announced since your last digest.\n"
    )


def test_reader_sends_to_that_reader_only_and_once_a_day(follower: Subscription) -> None:
    FollowFactory.create(subscription=SubscriptionFactory.create(reader__email="other@example.org"))

    assert send("--reader", "Reader@Example.org") == "planned=1 sent=1\n"
    assert send("--reader", "reader@example.org") == "planned=0 nothing due\n"
    assert [message.to for message in mail.outbox] == [["reader@example.org"]]


def test_now_sends_to_every_reader(follower: Subscription) -> None:
    FollowFactory.create(subscription=SubscriptionFactory.create())

    assert send("--now") == "planned=2 sent=2\n"


def test_without_options_sends_what_is_due(follower: Subscription) -> None:
    assert send() == "planned=0 nothing due\n"

    with time_machine.travel(datetime(2026, 11, 24, 8, 5, tzinfo=UTC), tick=False):
        assert send() == "planned=1 sent=1\n"


def test_an_address_without_subscription_is_named() -> None:
    with pytest.raises(CommandError, match=r"nobody@example.org has no active subscription."):
        send("--reader", "nobody@example.org")


def test_a_day_that_is_not_today_is_only_rehearsed() -> None:
    with pytest.raises(CommandError, match="--day goes with --dry-run"):
        send("--day", "2026-11-20")
