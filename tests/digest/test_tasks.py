"""What beat and the workers do: wake looks, drain sends."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from kombu.exceptions import OperationalError

from digest import tasks
from digest.ledger import folding
from digest.models import Delivery, DeliveryItem, LedgerMonth, Subscription
from digest.sending import orders
from papersite.celery import app
from papersite.runtime import broker
from tests.factories import FollowFactory, PaperFactory, SubscriptionFactory, sent

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 24, 8, 0, 30, tzinfo=UTC)


@pytest.fixture
def follower(subscription: Subscription) -> Subscription:
    PaperFactory.create_batch(3)
    FollowFactory.create(subscription=subscription)
    return subscription


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("digest.wake", "mail"),
        ("digest.drain", "mail"),
        ("catalogue.harvest", "harvest"),
        ("digest.fold", "housekeeping"),
        ("other", "housekeeping"),
    ],
)
def test_each_task_has_its_queue(task: str, queue: str) -> None:
    assert app.amqp.router.route({}, task)["queue"].name == queue


@pytest.mark.parametrize("name", sorted(name for name in app.tasks if not name.startswith("celery.")))
def test_no_task_goes_on_for_ever(name: str) -> None:
    task = app.tasks[name]
    soft, hard = (task.soft_time_limit or app.conf.task_soft_time_limit), (task.time_limit or app.conf.task_time_limit)

    assert 0 < soft < hard <= 3660


def test_wake_plans_and_sends_what_is_due(follower: Subscription) -> None:
    with time_machine.travel(MORNING, tick=False):
        tasks.wake()

    assert list(Delivery.objects.values_list("state", flat=True)) == ["sent"]
    assert len(mail.outbox) == 1


def test_wake_every_minute_sends_once(follower: Subscription) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        for _ in range(5):
            tasks.wake()
            traveller.shift(60)

    assert len(mail.outbox) == 1


def test_wake_before_the_hour_orders_nothing(follower: Subscription, monkeypatch: pytest.MonkeyPatch) -> None:
    ordered: list[Any] = []
    monkeypatch.setattr(tasks.drain, "apply_async", lambda **options: ordered.append(options))

    with time_machine.travel(MORNING.replace(hour=7), tick=False):
        tasks.wake()

    assert ordered == []


def test_wake_sweeps_what_a_vanished_worker_held(follower: Subscription) -> None:
    Delivery.objects.create(
        subscription=follower, day=MORNING.date(), due_at=MORNING, state="claimed", claimed_by="x" * 32,
        lease_until=MORNING.replace(minute=2),
    )  # fmt: skip

    with time_machine.travel(MORNING.replace(minute=3), tick=False):
        tasks.wake()

    assert list(Delivery.objects.values_list("state", flat=True)) == ["sent"]


def test_drain_orders_the_rest_when_its_time_is_over(follower: Subscription, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.conf, "task_always_eager", False)
    monkeypatch.setattr(broker, "waiting", lambda queue: 0)
    monkeypatch.setattr(tasks, "DRAIN_SECONDS", -1.0)
    ordered: list[Any] = []
    monkeypatch.setattr(tasks.drain, "apply_async", lambda **options: ordered.append(options))
    Delivery.objects.create(subscription=follower, day=MORNING.date(), due_at=MORNING)

    with time_machine.travel(MORNING, tick=False):
        tasks.drain()

    assert ordered == [{"expires": 55}]
    assert mail.outbox == []


@pytest.mark.parametrize(("batch", "called"), [(1, 2), (9, 0)])
def test_a_drain_that_finds_a_full_batch_calls_a_few_others(
    follower: Subscription, monkeypatch: pytest.MonkeyPatch, settings: Any, batch: int, called: int
) -> None:
    settings.DIGEST_BATCH = batch
    monkeypatch.setitem(app.conf, "task_always_eager", False)
    ordered: list[Any] = []
    monkeypatch.setattr(tasks.drain, "apply_async", lambda **options: ordered.append(options))
    monkeypatch.setattr(orders, "hands", lambda now: 9)
    monkeypatch.setattr(broker, "waiting", lambda queue: 0)
    for day in range(8):
        Delivery.objects.create(subscription=follower, day=MORNING.date() - timedelta(days=day), due_at=MORNING)

    with time_machine.travel(MORNING, tick=False):
        tasks.drain()

    assert len(ordered) == called


def test_fold_goes_on_in_a_task_after_the_other_until_all_is_done(
    follower: Subscription, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in [follower, *SubscriptionFactory.create_batch(3)]:
        sent(one, MORNING.date() - timedelta(days=200), papers=2)
    monkeypatch.setattr(folding, "READERS", 1)
    monkeypatch.setattr(tasks, "FOLD_SECONDS", 0.0)

    with time_machine.travel(MORNING, tick=False):
        tasks.fold.apply()

    assert LedgerMonth.objects.count() == 4
    assert DeliveryItem.objects.count() == 0


def test_order_is_no_error_while_the_broker_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**options: Any) -> None:
        raise OperationalError("the broker is away")

    monkeypatch.setattr(tasks.drain, "apply_async", away)

    tasks.order()
