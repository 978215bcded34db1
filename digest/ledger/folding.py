"""Moves what was sent long ago from rows of its own into one row a reader and month.

A digest's twelve rows and their indexes take some fifty times the room of its share of a month. Nothing
is forgotten: ``ledger`` reads both, and what is folded still keeps a paper from coming twice.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import batched
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from digest.database import statements
from digest.ledger import codec, mailed
from digest.ledger.codec import Entry
from digest.models import Delivery, DeliveryItem, LedgerMonth, Subscription

logger = logging.getLogger(__name__)

# Readers of one transaction: two thousand rows, which on SQLite all other writers wait for.
READERS = 5
LOOKED_AT = 500
PAUSE = 1.0
# Rows are written in the order of their days, give or take time zones and mail that had to wait.
SLACK = timedelta(days=7)
_ROW = ("pk", "subscription", "delivery", "delivery__day", "position", "paper", "reasons", "remainders")


class FoldCursor(NamedTuple):
    """How far a run came: this month's readers up to this one are done."""

    month: date
    subscription_id: int = 0


def fold(
    now: datetime, cursor: FoldCursor | None = None, *, is_stopping: Callable[[], bool] = lambda: False
) -> FoldCursor | None:
    """Folds whole months that are past their time; where to go on if it was stopped before the end.

    Each batch is one transaction, so that it may be killed anywhere, started again and run twice at once.
    """
    start = cursor.month if cursor is not None else _oldest_month()
    for month in months_to_fold(start, now):
        done = cursor.subscription_id if cursor is not None and month == cursor.month else 0
        for readers in _readers_with_rows(month, done):
            began = time.monotonic()
            count = _fold(readers, month)
            # Half of the time is for those who wait for the database meanwhile.
            time.sleep(PAUSE * (time.monotonic() - began))
            logger.info("ledger.folded month=%s readers=%s papers=%s", month, len(readers), count)
            if is_stopping():
                return FoldCursor(month, readers[-1])
    return None


def months_to_fold(start: date | None, now: datetime) -> list[date]:
    """Months from that one on that ended longer ago than rows are kept."""
    end = (now.date() - timedelta(days=settings.DIGEST_LEDGER_DAYS)).replace(day=1)
    months: list[date] = []
    while start is not None and start < end:
        months.append(start)
        start = after(start)
    return months


def _oldest_month() -> date | None:
    """The first that may have rows."""
    settled = DeliveryItem.objects.exclude(delivery__state__in=Delivery.OPEN)
    oldest = settled.order_by("pk").values_list("delivery__day", flat=True).first()
    return None if oldest is None else (oldest - SLACK).replace(day=1)


def after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _readers_with_rows(month: date, done: int) -> Iterator[Sequence[int]]:
    """A few readers at a time, in the order of their numbers."""
    while batch := list(
        Subscription.objects.filter(pk__gt=done).order_by("pk").values_list("pk", flat=True)[:LOOKED_AT]
    ):
        rows = DeliveryItem.objects.filter(delivery=OuterRef("pk"))
        found = _settled_in(month).filter(Exists(rows), subscription__in=batch)
        readers = sorted(set(found.order_by().values_list("subscription", flat=True)))
        yield from batched(readers, READERS, strict=False)
        done = batch[-1]


def _settled_in(month: date) -> QuerySet[Delivery]:
    return Delivery.objects.filter(day__gte=month, day__lt=after(month)).exclude(state__in=Delivery.OPEN)


def _fold(readers: Sequence[int], month: date) -> int:
    with statements.write_lock(), transaction.atomic():
        # Two runs at once each take what the other has not; a reader who leaves meanwhile waits for this.
        free = Subscription.objects.filter(pk__in=readers).select_for_update(no_key=True, skip_locked=True)
        mine = list(free.order_by("pk").values_list("pk", flat=True))
        deliveries = _settled_in(month).filter(subscription__in=mine)
        rows = list(DeliveryItem.objects.filter(delivery__in=deliveries).order_by().values_list(*_ROW))
        if rows:
            _add_to_months(month, rows)
            DeliveryItem.objects.filter(pk__in=[row[0] for row in rows]).delete()
    return len(rows)


def _add_to_months(month: date, rows: Iterable[Any]) -> None:
    """Adds the rows to their readers' months. An entry that is there already stays once."""
    entries: dict[int, dict[tuple[int, int], Entry]] = defaultdict(dict)
    for _, subscription_id, *row in rows:
        entry = Entry(*row)
        entries[subscription_id][entry.delivery_id, entry.position] = entry
    papers = {entry.paper_id for held in entries.values() for entry in held.values()}
    mailed.keep_folded(papers)
    for kept in LedgerMonth.objects.filter(subscription__in=entries, month=month):
        earlier = {(entry.delivery_id, entry.position): entry for entry in codec.decode(kept.items)}
        entries[kept.subscription_id] = earlier | entries[kept.subscription_id]
    LedgerMonth.objects.bulk_create(
        [
            LedgerMonth(
                subscription_id=subscription_id,
                month=month,
                items=codec.encode(held.values()),
                paper_count=len(held),
            )
            for subscription_id, held in entries.items()
        ],
        update_conflicts=True,
        unique_fields=["subscription", "month"],
        update_fields=["items", "paper_count"],
    )
