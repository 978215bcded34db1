"""What stops all mail, and what lets it go again."""

from datetime import datetime, timedelta

import pytest
import time_machine

from accounts import closing
from digest.models import Handover, MailEvent, Relay
from digest.sending import claims, relay
from tests.factories import NOW, DeliveryFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db


def test_a_relay_is_open_unless_something_closes_it() -> None:
    assert relay.is_open(NOW) is True

    Relay.objects.create(pk=1, is_paused=True)

    assert relay.is_open(NOW) is False


def test_an_alarm_stays_until_a_person_has_looked_and_the_first_one_is_kept() -> None:
    relay.alarm("The first.", NOW)
    relay.alarm("The second.", NOW + timedelta(days=3))

    assert relay.is_open(NOW + timedelta(days=30)) is False
    assert Relay.objects.values_list("alarm", "alarmed_at").get() == ("The first.", NOW)


def test_rests_grow_while_the_server_stays_away_and_end_by_themselves() -> None:
    now, rests = NOW, []
    for _ in range(9):
        until = relay.rest("It is away.", now)
        rests.append((until - now).total_seconds())
        now = until + timedelta(seconds=1)

    assert rests == [30, 60, 120, 240, 480, 960, 1800, 1800, 1800]
    assert relay.is_open(now) is True


def test_after_a_clock_that_was_set_back_a_rest_is_no_longer_than_the_longest() -> None:
    relay.rest("It is away.", NOW + timedelta(days=1))
    assert relay.is_open(NOW + timedelta(hours=1)) is False

    claims.sweep(NOW)

    assert relay.is_open(NOW + timedelta(minutes=29)) is False
    assert relay.is_open(NOW + timedelta(minutes=30)) is True


def test_workers_that_find_the_server_away_at_once_count_as_one() -> None:
    first = relay.rest("It is away.", NOW)

    assert relay.rest("It is away.", NOW + timedelta(seconds=1)) == first
    assert Relay.objects.get().strikes == 1


def test_recovered_forgets_strikes() -> None:
    relay.rest("It is away.", NOW)

    relay.recovered()

    assert Relay.objects.values_list("strikes", "down_until", "down_reason").get() == (0, None, "")


def test_more_mails_than_deliveries_sound_the_alarm() -> None:
    for _ in range(3):
        DeliveryFactory.create(state="sent", settled_at=NOW)
    relay.count(3, NOW)
    relay.check_counts(NOW)
    assert relay.is_open(NOW) is True

    relay.count(1, NOW)
    relay.check_counts(NOW)

    assert relay.is_open(NOW) is False
    assert Relay.objects.get().alarm == "4 mails left since 22 November, for 3 deliveries."


def test_an_uncertain_mail_may_have_left_twice() -> None:
    DeliveryFactory.create(state="sent", settled_at=NOW, is_uncertain=True)
    relay.count(2, NOW)

    relay.check_counts(NOW)

    assert relay.is_open(NOW) is True


def test_a_reader_who_closes_the_account_sounds_no_alarm_and_hides_no_mail_too_many() -> None:
    for _ in range(2):
        DeliveryFactory.create(state="sent", settled_at=NOW, accepted_count=1)
    mine = DeliveryFactory.create(state="sent", settled_at=NOW, accepted_count=1)
    relay.count(3, NOW)

    with time_machine.travel(NOW):
        closing.close(mine.subscription.reader)

    relay.check_counts(NOW)
    assert relay.is_open(NOW) is True
    relay.count(1, NOW)
    relay.check_counts(NOW)
    assert relay.is_open(NOW) is False


def test_counts_of_long_ago_do_not_matter() -> None:
    Handover.objects.create(day=NOW.date() - timedelta(days=5), mail_count=1000)

    relay.check_counts(NOW)

    assert relay.is_open(NOW) is True


def refuse_us(count: int, now: datetime, subscriptions: int = 1000) -> None:
    readers = [SubscriptionFactory.create() for _ in range(min(count, subscriptions))]
    for number in range(count):
        day = NOW.date() - timedelta(days=number // len(readers))
        one = DeliveryFactory.create(subscription=readers[number % len(readers)], day=day)
        MailEvent.objects.create(
            event_id=f"{now}:{number}",
            source="report",
            kind="ours",
            address_hash="0" * 64,
            delivery=one,
            received_at=now,
        )


def test_check_refusals_rests_the_relay_when_servers_refuse_us_for_many() -> None:
    refuse_us(relay.FEW_REFUSALS, NOW)

    relay.check_refusals(NOW)
    relay.check_refusals(NOW + timedelta(minutes=1))

    held = Relay.objects.get()
    assert (held.strikes, held.down_until, held.alarm) == (1, NOW + relay.FIRST_REST, "")
    assert "20 mails came back" in held.down_reason


@pytest.mark.parametrize(
    ("count", "ago", "subscriptions", "mails"), [(19, 0, 1000, 0), (20, 2, 1000, 0), (20, 0, 1, 0), (20, 0, 1000, 1000)]
)
def test_check_refusals_rests_it_neither_for_few_nor_for_old_news(
    count: int, ago: int, subscriptions: int, mails: int
) -> None:
    """Nor for one reader who forges many, nor where they are few of all."""
    refuse_us(count, NOW - timedelta(hours=ago), subscriptions)
    relay.count(mails, NOW)

    relay.check_refusals(NOW)

    assert relay.is_open(NOW)
