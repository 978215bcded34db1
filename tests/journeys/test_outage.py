"""Redis that loses everything, PostgreSQL that restarts, clocks that jump: nobody misses a mail or gets two."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail

from digest import tasks
from digest.models import Delivery
from tests.conftest import missing
from tests.factories import FollowFactory, PaperFactory, SubscriptionFactory
from tests.servers import Missing, Postgres, Redis, Server
from tests.site import Site, wait_until

READERS = [f"reader{number}@example.org" for number in range(90)]


def started[Own: Server](kind: Callable[[], Own]) -> Own:
    try:
        return kind()
    except Missing as error:
        missing(str(error))
        raise


def _goes_on(site: Site) -> bool:
    """Orders again, as beat would; whether nothing is left to do."""
    site.order("wake")
    return not set(site.states()) & {"due", "claimed", "sending"}


def _mails(site: Site, count: int) -> bool:
    """Orders again, as beat would; whether so many mails have left."""
    site.order("wake")
    return len(site.mails()) >= count


def check(site: Site) -> None:
    assert Counter(one["to"] for one in site.mails()) == dict.fromkeys(READERS, 1)
    assert site.states() == {"sent": len(READERS)}


@pytest.fixture
def redis() -> Iterator[Redis]:
    server = started(Redis)
    yield server
    server.stop()


@pytest.mark.long
@pytest.mark.processes
def test_a_redis_that_is_emptied_and_killed_costs_no_mail(tmp_path: Path, redis: Redis) -> None:
    site = Site(tmp_path, REDIS_URL=f"redis://127.0.0.1:{redis.port}/0")
    try:
        site.start_sink(seconds_a_mail=0.01)
        site.add_readers(READERS)
        site.start_worker()
        site.order("drain")
        wait_until(partial(_mails, site, 20), 60, "twenty mails", every=0.3)

        redis.stop()
        redis.start()

        # Whatever was ordered is forgotten; beat orders again.
        wait_until(partial(_goes_on, site), 60, "all deliveries settled", every=0.3)
        check(site)
    finally:
        site.close()


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    server = started(Postgres)
    yield server
    server.stop()


@pytest.mark.long
@pytest.mark.processes
def test_a_postgres_that_restarts_costs_no_mail_and_doubles_none(
    tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres.url)
    # Longer than a busy machine takes to restart it: what a lease that ran out costs is asked elsewhere.
    site = Site(tmp_path, DIGEST_LEASE_SECONDS="20")
    try:
        site.start_sink(seconds_a_mail=0.01)
        site.add_readers(READERS)
        site.start_worker()
        site.order("drain")
        for count in (20, 60):
            wait_until(partial(_mails, site, count), 60, f"{count} mails", every=0.3)
            postgres.restart()

        wait_until(partial(_goes_on, site), 60, "all deliveries settled", every=0.3)
        check(site)
    finally:
        site.close()


def wake_at(moment: datetime, times: int = 1) -> None:
    with time_machine.travel(moment, tick=False):
        for _ in range(times):
            tasks.wake()


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("time_zone", "morning"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),  # the hour that spring skips
        ("Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the hour that autumn has twice
        ("Pacific/Auckland", datetime(2026, 11, 23, 11, 0, tzinfo=UTC)),  # midnight
    ],
)
def test_a_clock_that_is_stepped_back_and_forth_gives_one_mail_a_day(time_zone: str, morning: datetime) -> None:
    local = morning.astimezone(ZoneInfo(time_zone))
    PaperFactory.create_batch(3, announced_at=morning - timedelta(days=1))
    subscription = SubscriptionFactory.create(
        time_zone=time_zone, send_at=local.time(), next_due_on=local.date(), next_due_at=morning
    )
    FollowFactory.create(subscription=subscription)

    for minutes in (0, 1, -5, 61, -61, 130, 0, 1):
        wake_at(morning + timedelta(minutes=minutes), times=2)

    days: list[Any] = list(Delivery.objects.values_list("day", "state"))
    assert days == [(local.date(), "sent")]
    assert len(mail.outbox) == 1
