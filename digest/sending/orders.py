"""How many drains are ordered: as many as there is work for, and as workers have hands for.

A drain holds one session with the relay, so that a relay that takes its time is made up for by more of them, on
all hosts. What is at work shows in its batch cursor, what was ordered in the broker's queue. Whoever orders, orders
only what is missing: however often and by how many that is done, orders do not pile up.
"""

from datetime import datetime, timedelta
from math import ceil

from django.conf import settings

from digest.models import BatchCursor
from digest.sending import claims
from papersite.models import GONE_AFTER, Heartbeat
from papersite.runtime import broker

QUEUE = "mail"
# For fewer deliveries no drain more is worth its beginning.
LEAST = 50
# A cursor that has not moved for so long may be a killed worker's, whose hand is not there any more.
MOVED_WITHIN = timedelta(seconds=15)


def missing(now: datetime, *, is_first: bool = True) -> int:
    """How many drains more are to be ordered.

    Whoever comes first, and does nothing of it by itself, orders one at least where none is ordered yet, or nobody
    is at work: what is counted as work may be a killed worker's, and what lies in the queue no drain.
    """
    there = hands(now)
    due = claims.count_due(now, there * settings.DIGEST_BATCH)
    if not due:
        return 0
    ordered, busy = broker.waiting(QUEUE), at_work(now)
    wanted = min(ceil(due / min(LEAST, settings.DIGEST_BATCH)), there - busy) - ordered
    return max(wanted, int(is_first and not (ordered and busy)))


def share(now: datetime) -> int:
    """How many deliveries one drain claims at once: no more than leave enough for all hands."""
    there = hands(now)
    fair = ceil(claims.count_due(now, there * settings.DIGEST_BATCH) / there)
    return min(max(fair, LEAST), settings.DIGEST_BATCH)


def hands(now: datetime) -> int:
    """How many drains all workers together can do at once, by their signs of life."""
    alive = Heartbeat.objects.filter(beaten_at__gt=now - GONE_AFTER).exclude(queues="")
    takers = [figures for queues, figures in alive.values_list("queues", "figures") if QUEUE in queues.split(",")]
    return max(1, sum(int(figures.get("at_once", 1)) for figures in takers))


def at_work(now: datetime) -> int:
    """How many drains hold a batch and go on with it: each mail renews the lease."""
    moved = now + settings.DIGEST_LEASE - min(MOVED_WITHIN, settings.DIGEST_LEASE)
    return BatchCursor.objects.filter(lease_until__gt=moved).count()
