"""No more mails a second than the relay wants, over all workers together.

Each worker reserves time for a few mails at once: in Redis where there is one, else in the relay's row.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache

import redis
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from digest.models import Relay
from digest.sending import relay

logger = logging.getLogger(__name__)

KEY = "papersite:relay:free-at"
# Each reservation begins where the last one ends, by the clock of Redis.
RESERVE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local free = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
if free - now > tonumber(ARGV[2]) then free = now end
redis.call('SET', KEYS[1], string.format('%.6f', free + ARGV[1]), 'EX', 600)
return string.format('%.6f', free - now)
"""
NAP = 0.2
# So far ahead, in seconds, nobody reserves: what says so is of a clock that was set back since.
RESERVED_AHEAD = 3600


class RateLimiter:
    """Asked before each mail."""

    def __init__(self, is_stopping: Callable[[], bool]) -> None:
        self.rate = settings.RELAY_MAILS_A_SECOND
        self.is_stopping = is_stopping
        self.reserved = 0

    def wait(self) -> None:
        """Until the next mail may leave, or somebody wants this process to stop."""
        if not self.rate:
            return
        if not self.reserved:
            self.reserved = max(1, int(self.rate / 10))
            until = time.monotonic() + reserve(self.reserved / self.rate)
            while (left := until - time.monotonic()) > 0 and not self.is_stopping():
                time.sleep(min(left, NAP))
        self.reserved -= 1


def reserve(seconds: float) -> float:
    """Reserves the relay for some seconds; returns in how many seconds that time begins."""
    if settings.REDIS_URL:
        try:
            return float(str(_redis(settings.REDIS_URL).eval(RESERVE, 1, KEY, str(seconds), str(RESERVED_AHEAD))))
        except redis.RedisError:
            logger.warning("rate_limit.redis_away")
    return _reserve_in_database(seconds)


def _reserve_in_database(seconds: float) -> float:
    relay.relay()
    with transaction.atomic():
        held = Relay.objects.select_for_update().get(pk=1)
        now = timezone.now()
        begin = max(held.free_at or now, now)
        if begin - now > timedelta(seconds=RESERVED_AHEAD):
            begin = now
        Relay.objects.filter(pk=1).update(free_at=begin + timedelta(seconds=seconds))
    return (begin - now).total_seconds()


@cache
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, decode_responses=True, socket_timeout=2, socket_connect_timeout=2)
