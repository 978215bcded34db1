"""A rate that all workers keep together."""

import os
import time
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import redis
from django.utils import timezone

from digest.models import Relay
from digest.pacing import KEY, Pace, book

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["database", "redis"])
def shelf(request: pytest.FixtureRequest, settings: Any) -> str:
    """Where the workers book."""
    url = os.environ.get("REDIS_URL", "") if request.param == "redis" else ""
    if request.param == "redis":
        if not url:
            pytest.skip("REDIS_URL is not set")
        with redis.Redis.from_url(url) as connection:
            connection.delete(KEY)
    settings.REDIS_URL = url
    return str(request.param)


def test_bookings_of_all_workers_follow_each_other(shelf: str) -> None:
    spans = []
    for _ in range(4):
        earliest = time.monotonic()
        begins_in = book(0.5)
        spans.append((earliest + begins_in, time.monotonic() + begins_in))

    # Each begins somewhere in its span, however long the asking took.
    assert all(later[1] - earlier[0] >= 0.5 for earlier, later in pairwise(spans))
    assert 0.0 < book(0.5) <= 2.0


def test_a_booking_of_a_clock_that_was_set_back_holds_nobody_up(shelf: str, settings: Any) -> None:
    free_at = timezone.now() + timedelta(days=1)
    if shelf == "redis":
        with redis.Redis.from_url(settings.REDIS_URL) as connection:
            connection.set(KEY, free_at.timestamp())
    Relay.objects.create(pk=1, free_at=free_at)

    assert book(5.0) == 0.0
    assert 0.0 < book(5.0) <= 5.0


def test_two_workers_together_keep_the_rate(shelf: str, settings: Any) -> None:
    settings.RELAY_MAILS_A_SECOND = 40.0
    workers = [Pace(lambda: False), Pace(lambda: False)]
    began = time.monotonic()

    for _ in range(10):
        for worker in workers:
            worker.wait()

    # Twenty mails in bookings of four: the last of them begins after sixteen.
    assert time.monotonic() - began >= 16 / 40 - 0.01


def test_without_a_rate_nobody_books(settings: Any) -> None:
    settings.RELAY_MAILS_A_SECOND = 0

    Pace(lambda: False).wait()

    assert not Relay.objects.exists()


def test_a_worker_that_is_to_stop_does_not_sit_out_its_turn(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RELAY_MAILS_A_SECOND = 0.1
    settings.REDIS_URL = ""
    Pace(lambda: False).wait()
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)

    Pace(lambda: True).wait()

    assert naps == []


def test_a_redis_that_is_away_is_done_without(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert book(5.0) == 0.0
    assert 0.0 < book(5.0) <= 5.0
