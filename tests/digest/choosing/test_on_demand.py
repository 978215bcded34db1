"""A digest at once: today's or one more, once an hour, and never an empty one."""

import threading
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from digest.choosing.on_demand import Answer, ask
from digest.models import Delivery, Relay, Subscription, Suppression
from digest.planning.planner import open_deliveries, open_today
from digest.sending import relay
from digest.sending.drain import drain_due
from digest.tokens import address_hash
from tests.factories import NOW, DeliveryFactory, FollowFactory, PaperFactory

pytestmark = pytest.mark.django_db

MORNING = datetime.fromisoformat("2026-11-24T08:00Z")


@pytest.fixture
def following(subscription: Subscription) -> Subscription:
    FollowFactory.create(subscription=subscription)
    PaperFactory.create_batch(3)
    return subscription


def found() -> list[tuple[date, int, str]]:
    return list(Delivery.objects.order_by("pk").values_list("day", "extra", "state"))


def test_before_the_hour_it_is_todays_and_the_hour_brings_no_second(following: Subscription) -> None:
    early = MORNING - timedelta(hours=2)

    assert ask(following, now=early).answer == Answer.COMING
    drain_due(lambda: early)
    open_deliveries(MORNING)
    drain_due(lambda: MORNING)

    following.refresh_from_db()
    assert found() == [(date(2026, 11, 24), 0, "sent")]
    assert following.next_due_on == date(2026, 11, 25)


def test_after_the_hour_it_is_one_more_with_new_papers_only(following: Subscription) -> None:
    open_deliveries(MORNING)
    drain_due(lambda: MORNING)
    noon = MORNING + timedelta(hours=4)
    new = PaperFactory.create(announced_at=noon - timedelta(minutes=5))

    assert ask(following, now=noon).answer == Answer.COMING
    drain_due(lambda: noon)

    assert found() == [(date(2026, 11, 24), 0, "sent"), (date(2026, 11, 24), 1, "sent")]
    assert list(Delivery.objects.get(extra=1).papers.all()) == [new]
    assert len(mail.outbox) == 2
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 2


def test_nothing_new_is_said_and_leaves_the_day_its_mail(following: Subscription) -> None:
    yesterday = MORNING - timedelta(days=1)
    open_today([following], yesterday)
    drain_due(lambda: yesterday)

    asked = ask(following, now=MORNING - timedelta(hours=2))

    assert (asked.answer, asked.at) == (Answer.NOTHING, yesterday)
    assert len(found()) == 1
    PaperFactory.create(announced_at=MORNING - timedelta(hours=1))
    following.refresh_from_db()
    open_deliveries(MORNING)
    drain_due(lambda: MORNING)
    assert found()[-1] == (date(2026, 11, 24), 0, "sent")


def test_a_second_click_while_one_waits_is_the_same_one(following: Subscription) -> None:
    assert [ask(following, now=MORNING).answer for _ in range(3)] == [Answer.COMING] * 3
    assert len(found()) == 1


def test_once_an_hour(following: Subscription) -> None:
    ask(following, now=MORNING)
    drain_due(lambda: MORNING)

    asked = ask(following, now=MORNING + timedelta(minutes=59))
    PaperFactory.create(announced_at=MORNING + timedelta(minutes=30))

    assert (asked.answer, asked.at) == (Answer.TOO_SOON, MORNING + timedelta(hours=1))
    assert ask(following, now=MORNING + timedelta(hours=1)).answer == Answer.COMING


def test_a_clock_that_was_set_back_keeps_nobody_waiting(following: Subscription) -> None:
    Subscription.objects.update(asked_at=MORNING + timedelta(days=300))

    assert ask(following, now=MORNING).answer == Answer.COMING


def test_a_day_that_was_skipped_is_todays_still(following: Subscription) -> None:
    DeliveryFactory.create(subscription=following, day=MORNING.date(), state="skipped", reason="Paused.")

    ask(following, now=MORNING)

    assert found() == [(date(2026, 11, 24), 0, "due")]


@pytest.mark.parametrize("why", ["left", "paused", "suppressed"])
def test_where_no_mail_may_go_the_reason_is_told(following: Subscription, why: str) -> None:
    if why == "left":
        following.ended_at = NOW
    elif why == "paused":
        following.paused_until = date(2026, 12, 24)
    else:
        Suppression.objects.create(address_hash=address_hash(following.reader.email), reason="Gone.")

    asked = ask(following, now=MORNING)

    assert (asked.answer, bool(asked.reason), found()) == (Answer.STOPPED, True, [])


def test_extra_ones_sound_no_alarm_and_one_of_them_sent_twice_does(following: Subscription) -> None:
    for hours in range(4):
        moment = MORNING + timedelta(hours=hours)
        PaperFactory.create(announced_at=moment)
        ask(following, now=moment)
        drain_due(partial(datetime.fromisoformat, moment.isoformat()))
    relay.check_counts(MORNING + timedelta(hours=4))
    assert [extra for _, extra, _ in found()] == [0, 1, 2, 3]
    assert not Relay.objects.exclude(alarm="").exists()

    relay.count(1, MORNING + timedelta(hours=4))
    relay.check_counts(MORNING + timedelta(hours=4))

    assert "5 mails left" in Relay.objects.get().alarm


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="an SQLite in memory is one connection")
def test_ten_clicks_at_once_are_one_mail(following: Subscription) -> None:
    answers: list[Any] = []

    def click() -> None:
        answers.append(ask(Subscription.objects.get(), now=MORNING).answer)
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 10
    assert set(answers) <= {Answer.COMING, Answer.TOO_SOON}
    assert found() == [(date(2026, 11, 24), 0, "due")]
