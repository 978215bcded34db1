"""How many papers stand where: kept by the database itself, so that no page counts the catalogue."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import models
from django.db.models import Q, Subquery, Sum

# The day under which papers of all days are counted.
EVER = date(1, 1, 1)


class TallyQuerySet(models.QuerySet["Tally"]):
    def days(self, first: date, after: date) -> dict[date, int]:
        """The days with papers from ``first`` until before ``after``, oldest first, and how many papers each has."""
        return _by_day(self.filter(kind=Tally.Kind.DAY, target=0, day__gte=first, day__lt=after))

    def topic_days(self, topic_id: int, first: date, after: date) -> dict[date, int]:
        """The same for the papers of one topic."""
        return _by_day(self.filter(kind=Tally.Kind.TOPIC, target=topic_id, day__gte=first, day__lt=after))

    def of_week(self, topic_ids: Iterable[int] | models.QuerySet, today: date) -> dict[int, int]:  # type: ignore[type-arg]
        """The topics with papers of the last seven days, today among them, and how many."""
        recent = self.filter(kind=Tally.Kind.TOPIC, target__in=topic_ids, day__gt=today - timedelta(days=7))
        rows = recent.order_by().values_list("target").annotate(Sum("amount"))
        return {target: total for target, total in rows if total > 0}

    def ever(self, kind: str, target: int) -> int:
        """All papers of a topic or a category."""
        rows = self.filter(kind=kind, target=target, day=EVER)
        return rows.aggregate(total=Sum("amount"))["total"] or 0

    def all_papers(self) -> "models.QuerySet[Tally, int]":
        """How many papers readers see, as a query of one value."""
        total = self.filter(kind=Tally.Kind.DAY, target=0).order_by().values("target").annotate(total=Sum("amount"))
        return total.values_list("total", flat=True)

    def span(self, first: date, after: date) -> tuple[date | None, int]:
        """The first day of all with papers, and how many papers there are from one day until before another."""
        begins = self._days().order_by("day")[:1]
        asked = Q(day__gte=first, day__lt=after) | Q(day=Subquery(begins))
        days = _by_day(self.filter(asked, kind=Tally.Kind.DAY, target=0))
        return min(days, default=None), sum(count for day, count in days.items() if first <= day < after)

    def nearest(self, day: date) -> tuple[date | None, date | None]:
        """The last day with papers before a day, and the first after it."""
        days = self._days()
        return days.filter(day__lt=day).order_by("-day").first(), days.filter(day__gt=day).order_by("day").first()

    def ends(self, until: date) -> tuple[date, date] | None:
        """The first day of all with papers, and the last up to a day; None where there is none."""
        days = self._days().filter(day__lte=until)
        asked = Q(day=Subquery(days.order_by("day")[:1])) | Q(day=Subquery(days.order_by("-day")[:1]))
        found = _by_day(self.filter(asked, kind=Tally.Kind.DAY, target=0))
        return (min(found), max(found)) if found else None

    def _days(self) -> "models.QuerySet[Tally, date]":
        shown = self.filter(kind=Tally.Kind.DAY, target=0).order_by().values("day").annotate(total=Sum("amount"))
        return shown.filter(total__gt=0).values_list("day", flat=True)


def _by_day(rows: TallyQuerySet) -> dict[date, int]:
    totals = rows.order_by("day").values_list("day").annotate(Sum("amount"))
    return {day: total for day, total in totals if total > 0}


class Tally(models.Model):
    """So many papers that readers see, of a day, a topic or a category. The rows of one key add up.

    PostgreSQL appends, so that two writers never wait for one another, and what adds up is folded now and
    then; SQLite, which has one writer, keeps one row a key. See ``triggers``.
    """

    class Kind(models.TextChoices):
        DAY = "day", "all papers of a day"
        TOPIC = "topic", "a topic's papers, of a day or ever"
        CATEGORY = "category", "a category's papers ever"

    kind = models.CharField(max_length=10, choices=Kind)
    target = models.PositiveBigIntegerField(help_text="The topic's or the category's number, 0 for all papers.")
    day = models.DateField(help_text="In UTC; 1 January of the year 1 stands for all days.")
    amount = models.IntegerField()

    objects = TallyQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "target", "day"]
        verbose_name_plural = "tallies"
        indexes = [models.Index(fields=["kind", "target", "day", "amount"], name="tally_by_key")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}, {self.day}: {self.amount}"
