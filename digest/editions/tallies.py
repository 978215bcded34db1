"""How many mails carry which paper, kept batch by batch and summed up when somebody looks."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from digest.models import Tally


@dataclass(slots=True)
class Carried:
    """Of some days together."""

    mails: int = 0
    empty: int = 0
    papers: Counter[int] = field(default_factory=Counter)


def add(day: date, mails: Iterable[Collection[int]], *, now: datetime, empty: int = 0, sign: int = 1) -> None:
    """Counts mails of a day, each by its papers; ``sign`` -1 takes back what was counted before."""
    held = list(mails)
    if held or empty:
        counts = Counter(paper_id for papers in held for paper_id in papers)
        by_paper = {str(paper_id): sign * count for paper_id, count in counts.items()}
        Tally.objects.create(day=day, made_at=now, mails=sign * len(held), empty=empty, papers=by_paper)


def carried(since: date, until: date | None = None) -> Carried:
    """What the mails of the days from one to another carry; both count."""
    rows = Tally.objects.filter(day__gte=since, day__lte=until or since)
    return _sum(rows.order_by().values_list("mails", "empty", "papers"))


def _sum(rows: Iterable[tuple[int, int, dict[str, int]]]) -> Carried:
    total = Carried()
    for mails, empty, papers in rows:
        total.mails += mails
        total.empty += empty
        for paper_id, count in papers.items():
            total.papers[int(paper_id)] += count
    total.papers = Counter({paper_id: count for paper_id, count in total.papers.items() if count > 0})
    return total


@transaction.atomic
def fold(before: date) -> int:
    """Makes one row of the many of each day before that; how many went."""
    days = list(Tally.objects.filter(day__lt=before).order_by().values_list("day", flat=True))
    gone = 0
    for day, count in Counter(days).items():
        if count > 1:
            rows = list(Tally.objects.select_for_update().filter(day=day))
            total = _sum((row.mails, row.empty, row.papers) for row in rows)
            Tally.objects.filter(pk__in=[row.pk for row in rows]).delete()
            by_paper = {str(paper_id): number for paper_id, number in total.papers.items()}
            Tally.objects.create(
                day=day, made_at=max(row.made_at for row in rows), mails=total.mails, empty=total.empty, papers=by_paper
            )
            gone += len(rows) - 1
    return gone
