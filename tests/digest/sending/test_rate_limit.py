"""A rate that all workers keep together."""

import os
import time
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.utils import timezone

from digest.models import Relay
from digest.sending import rate_limit
from digest.sending.rate_limit import KEY, RateLimiter, reserve

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["database", "redis"])
def shelf(request: pytest.FixtureRequest, settings: Any) -> str:
    """Where the workers book."""
    url = ""
    if request.param == "redis":
        if not os.environ.get("REDIS_URL"):
            pytest.skip("REDIS_URL is not set")
        # This process's own: others empty theirs meanwhile.
        url = settings.CACHES["default"]["LOCATION"]
        with redis.Redis.from_url(url) as connection:
            connection.delete(KEY)
    settings.REDIS_URL = url
    return str(request.param)


def test_bookings_of_all_workers_follow_each_other(shelf: str) -> None:
    began = time.monotonic()
    begins = [reserve(30) for _ in range(4)]
    took = time.monotonic() - began

    assert begins[0] == pytest.approx(0.0, abs=0.001)
    assert 90 - took - 0.01 <= begins[3] <= 90


def test_a_booking_of_a_clock_that_was_set_back_holds_nobody_up(shelf: str, settings: Any) -> None:
    free_at = timezone.now() + timedelta(days=1)
    if shelf == "redis":
        with redis.Redis.from_url(settings.REDIS_URL) as connection:
            connection.set(KEY, free_at.timestamp())
    Relay.objects.create(pk=1, free_at=free_at)

    assert reserve(5.0) == 0.0
    assert 0.0 < reserve(5.0) <= 5.0


def test_two_workers_together_keep_the_rate(shelf: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RELAY_MAILS_A_SECOND = 40.0
    reserved: list[float] = []

    def count(seconds: float) -> float:
        reserved.append(seconds)
        return reserve(seconds)

    monkeypatch.setattr(rate_limit, "reserve", count)
    workers = [RateLimiter(lambda: False), RateLimiter(lambda: False)]
    began = time.monotonic()

    for _ in range(10):
        for worker in workers:
            worker.wait()

    # Ten mails each, in three bookings of four: the last of all begins when the five before it are over.
    assert reserved == [4 / 40] * 6
    assert time.monotonic() - began >= 20 / 40 - 0.01


def test_without_a_rate_nobody_books(settings: Any) -> None:
    settings.RELAY_MAILS_A_SECOND = 0

    RateLimiter(lambda: False).wait()

    assert not Relay.objects.exists()


def test_a_worker_that_is_to_stop_does_not_sit_out_its_turn(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RELAY_MAILS_A_SECOND = 0.1
    settings.REDIS_URL = ""
    RateLimiter(lambda: False).wait()
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)

    RateLimiter(lambda: True).wait()

    assert naps == []


def test_a_redis_that_is_away_is_done_without(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert reserve(5.0) == 0.0
    assert 0.0 < reserve(5.0) <= 5.0
