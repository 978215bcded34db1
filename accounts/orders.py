"""What somebody asked for at a door, kept until a worker has done it.

A page writes a row and answers: the same row for every address, so that neither time nor anything else
tells whether it is known here. The row is the truth; the broker only wakes a worker.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from accounts.models import MailOrder
from papersite.runtime.bell import Bell

logger = logging.getLogger(__name__)

TASK = "accounts.fulfil"
# A worker that holds an order so long has died.
LEASE = timedelta(seconds=90)
# A failed one is tried again after this, then twice that, and so on.
PAUSE = timedelta(seconds=20)
LONGEST_PAUSE = timedelta(hours=1)
GOOD_FOR = timedelta(days=1)

_bell = Bell(TASK)


def place(kind: MailOrder.Kind, address: str, **details: Any) -> None:
    """Writes an order and calls a worker; ``details`` must be plain values."""
    now = timezone.now()
    is_code = kind == MailOrder.Kind.CODE or "code" in details.get("context", ())
    good_for = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT) if is_code else GOOD_FOR
    order = MailOrder.objects.create(
        kind=kind, address=address, details=details, ordered_at=now, due_at=now, expires_at=now + good_for
    )
    # With the page's request in it, and the worker's line with the order: so one leads to the other.
    logger.info("accounts.ordered order=%s kind=%s", order.pk, kind)
    _bell.ring()


def claim(now: datetime) -> MailOrder | None:
    """The order that waits longest, for one worker alone until its lease ends."""
    waiting = MailOrder.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    for pk, due_at in waiting.values_list("pk", "due_at")[:20]:
        held = MailOrder.objects.filter(pk=pk, due_at=due_at)
        if held.update(due_at=now + LEASE, attempts=F("attempts") + 1):
            return MailOrder.objects.get(pk=pk)
    return None


def put_off(order: MailOrder, now: datetime) -> None:
    """Again later: the pauses grow."""
    pause = min(LONGEST_PAUSE, PAUSE * 2 ** min(order.attempts - 1, 10))
    MailOrder.objects.filter(pk=order.pk).update(due_at=now + pause)


def drop_expired(now: datetime) -> int:
    """Forgets what is of no more use to anybody; how many."""
    count, _ = MailOrder.objects.filter(expires_at__lte=now).delete()
    if count:
        logger.error("accounts.orders_expired count=%s", count)
    return count
