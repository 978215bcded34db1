"""What Celery runs. A task is an order to look into the database, never a mail.

Losing every message costs at most the minute until beat gives the order again.
"""

import logging
import time
from contextlib import suppress
from datetime import date, timedelta
from functools import cache

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from digest.bounces import handling
from digest.editions import tallies
from digest.ledger import folding
from digest.planning import planner
from digest.sending import claims, high_water, relay
from digest.sending.drain import DrainCache, drain_due

logger = logging.getLogger(__name__)

# A worker that is asked to stop waits for its task: no longer than this, and one mail.
DRAIN_SECONDS = 10.0
FOLD_SECONDS = 20.0


@cache
def _cache() -> DrainCache:
    """What this process has read and rendered, kept over its runs."""
    return DrainCache()


@shared_task(name="digest.wake")
def wake() -> None:
    """Opens what is due, sweeps what was lost, and orders a drain where something waits."""
    now = timezone.now()
    high_water.check(now)
    high_water.advance(now)
    planned = planner.open_deliveries(now)
    claims.sweep(now)
    claims.skip_what_waited(now)
    handling.apply_new(now)
    relay.check_counts(now)
    relay.check_refusals(now)
    if relay.is_open(now) and claims.has_due(now):
        logger.info("digest.wake planned=%s", planned)
        drain.apply_async(expires=55)


def order() -> None:
    """Asks for a drain now. Where the broker is away, beat's next order is less than a minute off."""
    with suppress(OperationalError):
        drain.apply_async(expires=55, retry=False)


# The limits are for what nobody thought of: below the lease, so that no other worker has its claims yet.
@shared_task(name="digest.drain", soft_time_limit=60, time_limit=100)
def drain() -> None:
    """Sends for a while, then makes room for a stop and orders the rest."""
    until = time.monotonic() + DRAIN_SECONDS
    drained = drain_due(is_stopping=lambda: time.monotonic() > until, cache=_cache())
    logger.info("digest.drained %s", drained)
    if time.monotonic() > until and claims.has_due(timezone.now()):
        drain.apply_async(expires=55)


@shared_task(name="digest.fold", soft_time_limit=300, time_limit=330)
def fold(month: str = "", subscription_id: int = 0) -> None:
    """Folds for a while what was sent long ago, then lets others in and orders the rest."""
    until = time.monotonic() + FOLD_SECONDS
    start = folding.FoldCursor(date.fromisoformat(month), subscription_id) if month else None
    tallies.fold(timezone.now().date() - timedelta(days=2))
    place = folding.fold(timezone.now(), start, is_stopping=lambda: time.monotonic() > until)
    if place is not None:
        fold.apply_async(args=(place.month.isoformat(), place.subscription_id), expires=3000)
