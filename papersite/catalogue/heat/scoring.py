"""Keeps each paper's stored heat in step with its signals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from math import log
from operator import add
from typing import Any

from django.db import transaction
from django.db.models import F, FloatField, Func, Max, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Ln

from papersite.catalogue import revisions, trending
from papersite.catalogue.models import Paper, SignalWeight
from papersite.web import page_store


def weights() -> dict[str, float]:
    """Hours for each doubling of a signal, as curators set them."""
    stored = dict(SignalWeight.objects.values_list("signal", "hours"))
    return {name: stored.get(name, hours) for name, hours in trending.DEFAULT_WEIGHTS.items()}


def signals_of(paper: Paper) -> dict[str, Any]:
    return {name: getattr(paper, name) for name in trending.DEFAULT_WEIGHTS}


def heat_of(paper: Paper, by_weight: Mapping[str, float]) -> float:
    return trending.heat(paper.announced_at, signals_of(paper), by_weight, paper.boost)


def parts_of(paper: Paper) -> list[trending.Part]:
    """What a paper's place is made of, besides its age."""
    return [part for part in trending.parts(signals_of(paper), weights()) if part.count]


@dataclass(frozen=True, slots=True)
class Promised:
    """What a paper's promise adds to its place, and why it is promising."""

    hours: float
    why: str


def promise_of(paper: Paper) -> Promised | None:
    """None where it has none, or no weight."""
    hours = trending.promised(signals_of(paper), weights()) if paper.promise else 0.0
    return Promised(hours, paper.promise_why) if hours else None


def rescore(batch: int = 200_000) -> tuple[int, int]:
    """Scores every paper again, in a few statements; how many there are and how many moved."""
    last = Paper.objects.aggregate(last=Max("pk"))["last"] or 0
    expression = heat_expression(weights())
    moved = sum(
        _rescore(_moved(expression).filter(pk__gt=start, pk__lte=start + batch)) for start in range(0, last, batch)
    )
    page_store.renew()
    return Paper.objects.count(), moved


@transaction.atomic
def _rescore(papers: Any) -> int:
    revisions.mark_all(papers)
    return int(papers.update(heat=F("new_heat")))


def heat_expression(by_weight: Mapping[str, float]) -> Combinable:
    """The formula of ``trending.heat`` as the database computes it."""
    parts = [
        Ln(Cast(Coalesce(F(name), 0), FloatField()) + 1.0) * Value(hours / log(2), FloatField())
        for name, hours in by_weight.items()
        if name != trending.PROMISE
    ]
    start = CountedHours("announced_at", output_field=FloatField()) + F("boost")
    whole = reduce(add, parts, start)
    weight = by_weight.get(trending.PROMISE, 0.0)
    if not weight:
        return whole
    halved_by = Value(trending.FADES * weight, FloatField())
    doublings = Coalesce(F("promise"), Value(0.0, FloatField()))
    earned = reduce(add, parts, Value(0.0, FloatField()))
    return whole + Value(weight, FloatField()) * doublings * halved_by / (halved_by + earned)


def _moved(expression: Combinable) -> Any:
    # Two ways to compute one sum differ in the last digits; a hundredth of a second is no move.
    papers = Paper.objects.annotate(new_heat=expression)
    return papers.filter(Q(heat__lt=F("new_heat") - 3e-6) | Q(heat__gt=F("new_heat") + 3e-6))


class CountedHours(Func):
    """``trending.hours`` of a moment: hours since its epoch, weekends left out."""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        hours = f"((julianday(%(expressions)s) - julianday('{trending.EPOCH:%Y-%m-%d}')) * 24)"
        return self.as_sql(compiler, connection, template=self._counted(hours, "CAST({} AS INTEGER)", "MIN"), **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        hours = f"((extract(epoch from %(expressions)s)::float8 - {int(trending.EPOCH.timestamp())}) / 3600)"
        return self.as_sql(compiler, connection, template=self._counted(hours, "floor({})", "LEAST"), **context)

    def _counted(self, hours: str, floor: str, least: str) -> str:
        weeks = floor.format(f"{hours} / {trending.WEEK}")
        within = f"({hours} - {trending.WEEK} * {weeks})"
        counted = trending.COUNTED_OF_A_WEEK
        return f"({counted} * {weeks} + {least}({within}, {counted}))"


@dataclass(frozen=True, slots=True)
class Move:
    """A paper's place in an order that is tried, and the one it has now."""

    paper: Paper
    place: int
    place_now: int | None

    @property
    def words(self) -> str:
        if self.place_now is None:
            return "up"
        by = self.place_now - self.place
        return f"up {by}" if by > 0 else f"down {-by}" if by else ""


def preview(by_weight: Mapping[str, float], back: timedelta, limit: int = 30) -> list[Move]:
    """The hottest papers, from the newest so far back, as other weights would order them."""
    newest = Paper.objects.visible().aggregate(newest=Max("announced_at"))["newest"]
    if newest is None:
        return []
    recent = Paper.objects.visible().filter(announced_at__gte=newest - back)
    now = list(recent.order_by("-heat", "-pk").values_list("pk", flat=True)[: 10 * limit])
    places = {pk: place for place, pk in enumerate(now, start=1)}
    tried = recent.annotate(new_heat=heat_expression(by_weight)).order_by("-new_heat", "-pk")[:limit]
    return [Move(paper, place, places.get(paper.pk)) for place, paper in enumerate(tried, start=1)]
