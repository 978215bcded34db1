"""As many drains are ordered as there is work and hands, and none twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from digest.models import BatchCursor, Delivery
from digest.sending import orders
from papersite.models import GONE_AFTER, Heartbeat
from papersite.runtime import broker
from tests.factories import SubscriptionFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 8, 0, 30, tzinfo=UTC)


def worker(host: str, at_once: int, *, queues: str = "mail", ago: float = 5) -> None:
    beaten_at = NOW - timedelta(seconds=ago)
    Heartbeat.objects.create(
        name="mail", host=host, pid=1, queues=queues, started_at=NOW, beaten_at=beaten_at, figures={"at_once": at_once}
    )


def due(count: int) -> None:
    reader = SubscriptionFactory.create()
    days = [NOW.date() - timedelta(days=number) for number in range(count)]
    Delivery.objects.bulk_create(Delivery(subscription=reader, day=day, due_at=NOW) for day in days)


def cursors(count: int, settings: Any, moved_ago: float = 1) -> None:
    lease = NOW + settings.DIGEST_LEASE - timedelta(seconds=moved_ago)
    BatchCursor.objects.bulk_create(BatchCursor(worker=f"{n}-{moved_ago}", lease_until=lease) for n in range(count))


@pytest.fixture(autouse=True)
def small_batches(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DIGEST_BATCH = 4
    settings.DIGEST_LEASE = timedelta(seconds=120)
    monkeypatch.setattr(broker, "waiting", lambda queue: 0)


def test_hands_are_those_of_all_workers_for_mail_that_live() -> None:
    assert orders.hands(NOW) == 1
    worker("one", 3)
    worker("two", 20, queues="harvest,mail")
    worker("three", 50, queues="doors")
    worker("gone", 50, ago=GONE_AFTER.total_seconds())

    assert orders.hands(NOW) == 23


@pytest.mark.parametrize(("count", "ordered"), [(0, 0), (1, 1), (9, 3), (40, 5)])
def test_as_many_drains_as_there_is_work_for_and_hands(count: int, ordered: int) -> None:
    worker("one", 5)
    due(count)

    assert orders.missing(NOW) == ordered


@pytest.mark.parametrize(("count", "share"), [(0, 2), (9, 2), (15, 3), (40, 4)])
def test_one_drain_leaves_enough_for_the_others(count: int, share: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "LEAST", 2)
    worker("one", 5)
    due(count)

    assert orders.share(NOW) == share


def test_what_is_at_work_or_ordered_is_not_ordered_again(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    worker("one", 5)
    due(40)
    cursors(2, settings)

    assert orders.missing(NOW) == 3
    monkeypatch.setattr(broker, "waiting", lambda queue: 2)
    assert orders.missing(NOW) == 1
    monkeypatch.setattr(broker, "waiting", lambda queue: 9)
    assert orders.missing(NOW) == 0


def test_the_hands_of_a_killed_worker_hold_nobody_up(settings: Any) -> None:
    worker("one", 5)
    due(40)
    cursors(5, settings, moved_ago=orders.MOVED_WITHIN.total_seconds() + 1)
    assert orders.missing(NOW) == 5

    cursors(5, settings)

    # Whatever is counted, one is on the way.
    assert orders.missing(NOW) == 1
    assert orders.missing(NOW, is_first=False) == 0
