"""What Celery runs. A task is an order to look into the database, never a mail.

Losing every message costs at most the minute until beat gives the order again.
"""

import logging
import time
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cache

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from digest.bounces import handling
from digest.editions import tallies
from digest.ledger import folding
from digest.planning import planner
from digest.sending import claims, high_water, incidents, orders, relay, wellbeing
from digest.sending.drain import DrainCache, drain_due

logger = logging.getLogger(__name__)

# A worker that is asked to stop waits for its task: no longer than this, and one mail.
DRAIN_SECONDS = 10.0
FOLD_SECONDS = 20.0
# So many others one drain calls.
CALLS = 2


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
    wellbeing.woke(now)
    incidents.look(now)
    if relay.is_open(now) and (ordered := _order_missing(now)):
        logger.info("digest.wake planned=%s drains=%s", planned, ordered)


def order() -> None:
    """Asks for a drain now. Where the broker is away, beat's next order is less than a minute off."""
    with suppress(OperationalError):
        drain.apply_async(expires=55, retry=False)


def _order_missing(now: datetime, *, most: int | None = None, is_first: bool = True) -> int:
    """Orders drains for what no other is on the way to; how many."""
    missing = orders.missing(now, is_first=is_first)
    # Where tasks run at once, one does all.
    most = 1 if drain.app.conf.task_always_eager else most
    count = missing if most is None else min(missing, most)
    for _ in range(count):
        drain.apply_async(expires=55)
    return count


# The limits are for what nobody thought of: below the lease, so that no other worker has its claims yet.
@shared_task(name="digest.drain", soft_time_limit=60, time_limit=100)
def drain() -> None:
    """Sends for a while, then makes room for a stop and orders the rest.

    One that finds more than it can do calls a few others, who do the same: a crowd comes only where there is work.
    """
    until = time.monotonic() + DRAIN_SECONDS
    is_eager = drain.app.conf.task_always_eager
    drained = drain_due(seconds=DRAIN_SECONDS, cache=_cache(), most=_share, call_others=_nobody if is_eager else _call)
    logger.info("digest.drained %s", drained)
    # Where tasks run at once, the rest is done by whoever comes next: this would never end, and be killed.
    if not is_eager and time.monotonic() > until:
        _order_missing(timezone.now(), most=1)


def _share() -> int:
    return orders.share(timezone.now())


def _call() -> None:
    try:
        _order_missing(timezone.now(), most=CALLS, is_first=False)
    except OperationalError:
        logger.warning("digest.broker_is_away")


def _nobody() -> None:
    pass


@shared_task(name="digest.fold", soft_time_limit=300, time_limit=330)
def fold(month: str = "", subscription_id: int = 0) -> None:
    """Folds for a while what was sent long ago, then lets others in and orders the rest."""
    until = time.monotonic() + FOLD_SECONDS
    start = folding.FoldCursor(date.fromisoformat(month), subscription_id) if month else None
    tallies.fold(timezone.now().date() - timedelta(days=2))
    place = folding.fold(timezone.now(), start, is_stopping=lambda: time.monotonic() > until)
    if place is not None:
        fold.apply_async(args=(place.month.isoformat(), place.subscription_id), expires=3000)
