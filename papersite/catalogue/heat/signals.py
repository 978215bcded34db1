"""What papers earned, day by day: kept as readings, read as gains and as series."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any

from django.db.models import CharField, Count, Max, Q, Value
from django.db.models.functions import TruncDate
from django.utils import timezone

from papersite.catalogue import trending
from papersite.catalogue.calendar import day_bounds
from papersite.catalogue.models import Paper, Reading, Vote
from papersite.catalogue.sources.records import SourcePaper

VOTES = "vote_count"
KEPT = tuple(Reading.Signal.values)
# A paper that old when it was first read may have earned its first reading long before.
FRESH = timedelta(days=10)


def keep_readings(told: Iterable[tuple[Paper, SourcePaper]]) -> None:
    """Keeps what records tell of signals, the highest of a day. A reading that is there already costs no write."""
    wanted: dict[tuple[int, str, date], int] = {}
    for paper, record in told:
        day = (record.observed_at or timezone.now()).astimezone(UTC).date()
        for signal in KEPT:
            if (value := getattr(record, signal)) is not None:
                key = (paper.pk, signal, day)
                wanted[key] = max(value, wanted.get(key, 0))
    if not wanted:
        return
    rows = Reading.objects.filter(paper__in={pk for pk, _, _ in wanted}, day__in={day for _, _, day in wanted})
    held = {(pk, signal, day): value for pk, signal, day, value in rows.values_list("paper", "signal", "day", "value")}
    news = [
        Reading(paper_id=pk, signal=signal, day=day, value=value)
        for (pk, signal, day), value in sorted(wanted.items())
        if value > held.get((pk, signal, day), -1)
    ]
    Reading.objects.bulk_create(
        news,
        update_conflicts=True,
        unique_fields=["paper", "signal", "day"],
        update_fields=["value"],
        batch_size=2000,
    )


@dataclass(frozen=True, slots=True)
class Series:
    """How one signal of one paper grew: pairs of a day and its value, oldest first."""

    signal: str
    label: str
    points: tuple[tuple[date, int], ...]


def series(paper: Paper) -> list[Series]:
    """The history of a paper's votes and readings, those signals only that ever moved."""
    rows = paper.readings.order_by().values_list("signal", "day", "value")
    if paper.vote_count:
        rows = rows.union(_votes_by_day(paper), all=True).order_by()
    points: dict[str, list[tuple[date, int]]] = {}
    for name, day, value in sorted(rows):
        points.setdefault(name, []).append((day, value))
    days = [day for day, _ in points.get(VOTES, [])]
    points[VOTES] = list(zip(days, accumulate(count for _, count in points.get(VOTES, [])), strict=True))
    named = [(VOTES, "votes here"), *Reading.Signal.choices]
    found = [Series(name, label, tuple(points.get(name, []))) for name, label in named]
    return [one for one in found if any(value for _, value in one.points)]


def _votes_by_day(paper: Paper) -> Any:
    """Votes that count, as readings are read."""
    counted = Vote.objects.standing().filter(paper=paper).annotate(on=TruncDate("voted_at", tzinfo=UTC))
    by_day = counted.order_by().values("on").annotate(count=Count("pk"))
    return by_day.values_list(Value(VOTES, CharField()), "on", "count")


def earned(first: date, after: date) -> dict[int, dict[str, int]]:
    """What each paper earned from one day until before another: gains by signal, by paper.

    A signal's gain is its highest reading in the time less the last one before it. Where there is
    none before, a paper that was new then earned all of it; of an older paper only the growth
    from its first reading counts, since nobody knows when it earned the rest.
    """
    start, end = day_bounds(first)[0], day_bounds(after)[0]
    found: dict[int, dict[str, int]] = {}
    votes = Vote.objects.standing().filter(voted_at__gte=start, voted_at__lt=end, paper__is_hidden=False)
    for pk, count in votes.order_by().values_list("paper").annotate(Count("pk")):
        found.setdefault(pk, {})["vote_count"] = count
    for pk, signal, gain in _reading_gains(first, after, start):
        name = trending.EARNED_BY[signal]
        found.setdefault(pk, {})[name] = gain
    return found


def _reading_gains(first: date, after: date, start: datetime) -> Iterable[tuple[int, str, int]]:
    inside = Reading.objects.filter(day__gte=first, day__lt=after, paper__is_hidden=False)
    rows = list(
        inside.order_by("paper", "signal", "day").values_list("paper", "signal", "value", "paper__announced_at")
    )
    before = _last_before(first, {pk for pk, *_ in rows})
    tops: dict[tuple[int, str], tuple[int, int]] = {}
    for pk, signal, value, announced_at in rows:
        # A repository may be older than its paper: nobody knows when it earned its first stars.
        begins_at_zero = signal == Reading.Signal.HF_UPVOTES and announced_at >= start - FRESH
        low = before.get((pk, signal), 0 if begins_at_zero else value)
        lowest, highest = tops.get((pk, signal), (low, value))
        tops[pk, signal] = (lowest, max(highest, value))
    return [(pk, signal, high - low) for (pk, signal), (low, high) in tops.items() if high > low]


def _last_before(day: date, papers: set[int]) -> dict[tuple[int, str], int]:
    """The highest earlier reading of each signal; signals hardly ever fall."""
    rows = Reading.objects.filter(day__lt=day).filter(Q(paper__in=papers) if len(papers) < 5000 else Q())
    found = rows.order_by().values_list("paper", "signal").annotate(Max("value"))
    return {(pk, signal): value for pk, signal, value in found}
