"""A week's or month's order: by what papers earned in that time, then by heat."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from papersite.catalogue import scoring, signals, trending
from papersite.catalogue.calendar import day_bounds
from papersite.catalogue.models import Paper, PaperQuerySet


class Ranking(Sequence[Paper]):
    """The papers announced or earning from ``first`` until before ``after``, as cards, read page by page.

    Only papers that earned something are ranked in memory; the many that earned nothing follow
    as the database orders them.
    """

    def __init__(self, first: date, after: date) -> None:
        self.first = first
        self.after = after

    @cached_property
    def hours(self) -> dict[int, float]:
        """What each earning paper earned, the most first."""
        weights = scoring.weights()
        gains = signals.earned(self.first, self.after)
        scored = {pk: trending.earned(gain, weights) for pk, gain in gains.items()}
        return dict(sorted(scored.items(), key=lambda pair: (-pair[1], -pair[0])))

    @cached_property
    def _others(self) -> PaperQuerySet:
        """Those announced in the time that earned nothing."""
        start, end = day_bounds(self.first)[0], day_bounds(self.after)[0]
        announced = Paper.objects.trending().announced_between(start, end)
        return announced.exclude(pk__in=list(self.hours)) if self.hours else announced

    @cached_property
    def _count_of_others(self) -> int:
        return self._others.count()

    def __len__(self) -> int:
        return len(self.hours) + self._count_of_others

    def __getitem__(self, place):  # type: ignore[no-untyped-def]
        """A slice of papers; the paginator asks for nothing else."""
        start, stop, _ = place.indices(len(self))
        chosen = list(self.hours)[start:stop]
        found = {paper.pk: paper for paper in Paper.objects.for_cards().filter(pk__in=chosen)} if chosen else {}
        papers = [found[pk] for pk in chosen if pk in found]
        if stop > len(self.hours):
            papers += self._others.for_cards()[max(start - len(self.hours), 0) : stop - len(self.hours)]
        return papers
