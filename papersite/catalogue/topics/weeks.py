"""What each topic brought lately: its days as a small line, and this week's hottest paper."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber, TruncDate

from papersite.catalogue.calendar import day_bounds
from papersite.catalogue.heat import plots
from papersite.catalogue.models import PaperTopic

DAYS = 14
WEEK = timedelta(days=7)
# In seconds. Two weeks of papers are read for it, however large the catalogue is.
GOOD_FOR = 600


@dataclass(frozen=True, slots=True)
class TopicWeek:
    """The points of a topic's line over the last days, and its top paper: its title and its address."""

    points: str
    title: str = ""
    address: str = ""


def of_topics(now: datetime) -> dict[int, TopicWeek]:
    """By topic, for those that brought anything; at most two queries, for some minutes none."""
    key = f"topics.weeks:{now.astimezone(UTC):%Y-%m-%d}"
    if (held := cache.get(key)) is None:
        held = _read(now)
        cache.set(key, held, GOOD_FOR)
    return dict(held)


def _read(now: datetime) -> dict[int, TopicWeek]:
    last = now.astimezone(UTC).date()
    days = [last - timedelta(days=DAYS - 1 - number) for number in range(DAYS)]
    shown = PaperTopic.objects.filter(belongs=True, paper__is_hidden=False, paper__is_withdrawn=False)
    recent = shown.filter(paper__announced_at__gte=day_bounds(days[0])[0], paper__announced_at__lte=now)
    by_day = recent.annotate(day=TruncDate("paper__announced_at", tzinfo=UTC)).order_by()
    counts: dict[int, dict[object, int]] = {}
    for topic, day, count in by_day.values_list("topic", "day").annotate(Count("pk")):
        counts.setdefault(topic, {})[day] = count
    place = Window(RowNumber(), partition_by=F("topic"), order_by=[F("paper__heat").desc(), F("paper").desc()])
    of_week = shown.filter(paper__announced_at__gte=now - WEEK, paper__announced_at__lte=now).annotate(place=place)
    tops = {pair.topic_id: pair.paper for pair in of_week.filter(place=1).select_related("paper")}
    found = {}
    for topic, of_day in counts.items():
        points = plots.spark([of_day.get(day, 0) for day in days])
        top = tops.get(topic)
        found[topic] = TopicWeek(points, top.title, top.get_absolute_url()) if top else TopicWeek(points)
    return found
