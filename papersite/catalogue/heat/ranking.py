"""A week's or month's order: by what papers earned in that time, then by heat."""

import json
import re
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.core.cache import cache

from papersite.catalogue import trending
from papersite.catalogue.calendar import day_bounds
from papersite.catalogue.heat import scoring, signals
from papersite.catalogue.lists import Key, NoSuchPage, Page, Part
from papersite.catalogue.models import Paper, PaperQuerySet
from papersite.web import page_store

# In seconds.
GOOD_FOR = 300
# So many of those that earned nothing are known along with the others: the largest page, and whether there is more.
FIRST = 101
EARNED = re.compile(r"e([0-9]{1,18})")


class Known(NamedTuple):
    """What is kept of a week or month."""

    hours: dict[int, float]
    """What each earning paper earned, the most first."""
    others: list[int]
    """The first of those that earned nothing, where the first page may have room for them."""


class Ranking:
    """The papers announced or earning from ``first`` until before ``after``, as cards, read page by page.

    Only papers that earned something are ranked in memory; the many that earned nothing follow
    as the database orders them.
    """

    def __init__(self, first: date, after: date, count: int | None = None) -> None:
        self.first = first
        self.after = after
        self.count = count

    @property
    def hours(self) -> dict[int, float]:
        return self._known.hours

    @cached_property
    def _known(self) -> Known:
        """Good for some minutes, or until something moves: the database sorts a whole week for its first page."""
        marks = page_store.store.marks()
        key = f"ranked:{self.first}:{self.after}:{marks.emptied}:{marks.changed}"
        # Open whatever happens to the cache: get_many finds nothing then.
        if kept := cache.get_many([key]):
            hours, others = json.loads(kept[key])
            return Known({int(pk): earned for pk, earned in hours}, others)
        hours = self._earned()
        others = self._read_others(None, FIRST, hours) if len(hours) < FIRST else []
        cache.set_many({key: json.dumps([list(hours.items()), others])}, timeout=GOOD_FOR)
        return Known(hours, others)

    def _earned(self) -> dict[int, float]:
        weights = scoring.weights()
        gains = signals.earned(self.first, self.after)
        scored = {pk: trending.earned(gain, weights) for pk, gain in gains.items()}
        return dict(sorted(scored.items(), key=lambda pair: (-pair[1], -pair[0])))

    def page(self, part: Part) -> Page:
        """The page that is asked for; ``since`` is for lists of all times. Raises NoSuchPage."""
        earning = list(self.hours)
        begins, key = self._place(part.after, earning)
        chosen = earning[begins : begins + part.size + 1]
        if len(chosen) <= part.size:
            chosen += self._others(key, part.size + 1 - len(chosen))
        found = {paper.pk: paper for paper in part.load(Paper.objects.visible().filter(pk__in=chosen))}
        papers = [found[pk] for pk in chosen[: part.size] if pk in found]
        if part.after and not papers:
            raise NoSuchPage
        after = self._key_of(papers[-1]) if len(chosen) > part.size and papers else ""
        return Page(papers, after, not part.after, self.count)

    def _place(self, written: str, earning: list[int]) -> tuple[int, Key | None]:
        """From which earning paper on, and after which of the others."""
        if not (found := EARNED.fullmatch(written)):
            key = Key.read(written)
            return (0 if key is None else len(earning)), key
        if int(found[1]) not in self.hours:
            raise NoSuchPage
        return earning.index(int(found[1])) + 1, None

    def _key_of(self, paper: Paper) -> str:
        return f"e{paper.pk}" if paper.pk in self.hours else str(Key(paper.heat, paper.pk))

    def _others(self, key: Key | None, wanted: int) -> list[int]:
        """Those announced in the time that earned nothing."""
        if key is None and len(self.hours) < FIRST and wanted <= FIRST:
            return self._known.others[:wanted]
        return self._read_others(key, wanted, self.hours)

    def _read_others(self, key: Key | None, wanted: int, earning: dict[int, float]) -> list[int]:
        """Served by the index ``paper_by_day`` alone."""
        papers: PaperQuerySet = Paper.objects.trending().announced_between(
            day_bounds(self.first)[0], day_bounds(self.after)[0]
        )
        if key is not None:
            papers = papers.filter(heat__lte=key.heat).exclude(heat=key.heat, pk__gte=key.pk)
        numbers = papers.values_list("pk", flat=True)[: wanted + len(earning)]
        return [pk for pk in numbers if pk not in earning][:wanted]
