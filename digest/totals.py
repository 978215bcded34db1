"""Keeps the daily totals as things happen, and reads them for plots."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F

from digest.models import DailyTotal

SENT, EMPTY, FAILED, SKIPPED = "sent", "empty", "failed", "skipped"
SIGN_UPS, LEAVERS = "sign-ups", "leavers"

Series = tuple[tuple[date, int], ...]


def add(day: date, name: str, count: int = 1) -> None:
    """Adds to a number of a day in UTC; two at once lose nothing."""
    if count and not DailyTotal.objects.filter(day=day, name=name).update(value=F("value") + count):
        DailyTotal.objects.bulk_create([DailyTotal(day=day, name=name)], ignore_conflicts=True)
        DailyTotal.objects.filter(day=day, name=name).update(value=F("value") + count)


def series(names: Iterable[str], *, since: date, until: date) -> dict[str, Series]:
    """Each number day by day, both ends included, 0 where nothing happened."""
    wanted = list(names)
    rows = DailyTotal.objects.filter(name__in=wanted, day__gte=since, day__lte=until)
    held = {(name, day): value for name, day, value in rows.order_by().values_list("name", "day", "value")}
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    return {name: tuple((day, held.get((name, day), 0)) for day in days) for name in wanted}


def backwards(now: int, gained: Series, lost: Series) -> Series:
    """How many there were at the end of each day, from how many there are and what came and went."""
    found: list[tuple[date, int]] = []
    for (day, more), (_, less) in zip(reversed(gained), reversed(lost), strict=True):
        found.append((day, max(now, 0)))
        now -= more - less
    return tuple(reversed(found))
