"""Whether mail comes, when, and what stands in the way."""

from datetime import UTC, date, datetime, time

import pytest

from digest.bounces import handling
from digest.models import Subscription, Suppression
from digest.planning.planner import reschedule
from digest.readers import mail_status
from digest.tokens import address_hash
from tests.factories import NOW, SubscriptionFactory

pytestmark = pytest.mark.django_db


def test_the_next_three_mails_are_told_on_the_readers_clock() -> None:
    held = SubscriptionFactory.create(time_zone="Asia/Tokyo", send_at=time(7, 45), weekdays=0b0010100)
    reschedule(held, NOW)

    mails = mail_status.of(held, now=NOW).mails

    assert [f"{moment:%a %d %H:%M}" for moment in mails] == ["Wed 25 07:45", "Fri 27 07:45", "Wed 02 07:45"]


def test_who_left_has_no_next_mail(subscription: Subscription) -> None:
    subscription.ended_at = NOW
    reschedule(subscription, NOW)

    assert mail_status.of(subscription, now=NOW).mails == []


@pytest.mark.parametrize(("until", "is_paused"), [(date(2026, 11, 24), True), (date(2026, 11, 23), False)])
def test_a_pause_is_over_on_its_day(subscription: Subscription, until: date, is_paused: bool) -> None:
    subscription.paused_until = until

    assert mail_status.of(subscription, now=NOW).is_paused == is_paused


def test_an_address_without_suppression_is_not_stopped(subscription: Subscription) -> None:
    Suppression.objects.create(address_hash=address_hash("other@example.org"), reason="Gone.")

    assert mail_status.of(subscription, now=NOW).stop is None


@pytest.mark.parametrize(
    ("kind", "takes_words", "is_for_curator"),
    [("hard", False, False), ("complaint", True, False), ("unsubscribed", True, False), ("", False, True)],
)
def test_what_stopped_an_address_says_what_lets_it_go(
    subscription: Subscription, kind: str, takes_words: bool, is_for_curator: bool
) -> None:
    if kind:
        handling.keep("event", "smtp", kind, subscription.reader.email, NOW, said="550 5.1.1 unknown")
        handling.apply_new(NOW)
    else:
        Suppression.objects.create(address_hash=address_hash(subscription.reader.email), reason="By letter.")

    stop = mail_status.of(subscription, now=NOW).stop

    assert stop is not None
    assert (stop.takes_words, stop.is_for_curator) == (takes_words, is_for_curator)
    assert stop.said == ("550 5.1.1 unknown" if kind else "")


def test_an_address_that_was_tried_again_lately_waits(subscription: Subscription) -> None:
    for number, hour in enumerate((1, 2)):
        handling.keep(f"event {number}", "smtp", "hard", subscription.reader.email, NOW)
        handling.apply_new(NOW)
        if hour == 1:
            assert handling.lift(subscription, now=NOW)

    stop = mail_status.of(subscription, now=NOW).stop
    later = mail_status.of(subscription, now=datetime(2026, 11, 30, 13, tzinfo=UTC)).stop

    assert stop is not None
    assert later is not None
    assert (stop.again_on, later.again_on) == (date(2026, 11, 30), None)
