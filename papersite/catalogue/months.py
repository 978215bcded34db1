"""A month as a calendar: each day with its hottest papers."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from django.core.cache import cache
from django.db.models import F, Window
from django.db.models.functions import RowNumber, TruncDate
from django.utils.text import Truncator

from papersite.catalogue.calendar import day_bounds
from papersite.catalogue.models import Paper

SHOWN = 3
LONGEST = 90
# In seconds.
GOOD_FOR = 600


@dataclass(frozen=True, slots=True)
class Line:
    """A paper's title, as much of it as a day has room for, and its address."""

    title: str
    address: str


def after(month: date) -> date:
    """The first day of the next month."""
    return (month + timedelta(days=31)).replace(day=1)


def weeks(month: date) -> list[list[date | None]]:
    """The weeks of a month from Monday on, None for days of the months beside it."""
    found = Calendar().monthdatescalendar(month.year, month.month)
    return [[day if day.month == month.month else None for day in week] for week in found]


def hottest(month: date) -> dict[date, list[Line]]:
    """The hottest papers of each day of a month, in one query that reads this month alone; for some minutes none."""
    key = f"month:{month:%Y-%m}"
    if (held := cache.get(key)) is None:
        held = _read(month)
        cache.set(key, held, GOOD_FOR)
    return dict(held)


def _read(month: date) -> dict[date, list[Line]]:
    inside = Paper.objects.visible().announced_between(day_bounds(month)[0], day_bounds(after(month))[0])
    day = TruncDate("announced_at", tzinfo=UTC)
    place = Window(RowNumber(), partition_by=[day], order_by=[F("heat").desc(), F("pk").desc()])
    found: dict[date, list[Line]] = {}
    few = inside.annotate(place=place).filter(place__lte=SHOWN).order_by("place")
    for paper in few.only("arxiv_id", "title", "announced_at"):
        line = Line(Truncator(paper.title).chars(LONGEST), paper.get_absolute_url())
        found.setdefault(paper.announced_at.astimezone(UTC).date(), []).append(line)
    return found
