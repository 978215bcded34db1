"""Lists of papers, page by page, each going on by the key of the last paper of the page before.

A page costs the same however deep it lies and however many papers there are: it is read off an index by heat.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from papersite.catalogue import rows, trending
from papersite.catalogue.models import (
    Author,
    Authorship,
    Category,
    Paper,
    PaperCategory,
    PaperQuerySet,
    PaperTopic,
    Topic,
)
from papersite.web.missing import Missing

SIZE = 30
# In hours: a paper that a curator puts back by more stands in no list of a time any more.
DEEPEST_BOOST = 240
# How much of each paper is read.
Load = Callable[[PaperQuerySet], PaperQuerySet]
_NUMBER = re.compile(r"[0-9]{1,18}")
# As Python writes a float: 17 digits that count, behind three noughts at most before it takes to an exponent.
_KEY = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{1,20})?(?:e-?[0-9]{1,3})?)_([0-9]{1,18})")


class NoSuchPage(Missing):
    """Nothing of the list stands at the key, or it is none."""

    words = "There is no such page of this list."
    label = "To its first page"


class Key(NamedTuple):
    """Where a paper stands in a list."""

    heat: float
    pk: int

    def __str__(self) -> str:
        return f"{self.heat!r}_{self.pk}"

    @classmethod
    def read(cls, written: str) -> "Key | None":
        """None where nothing is written; raises NoSuchPage where it is no key."""
        if not written:
            return None
        found = _KEY.fullmatch(written)
        if found is None:
            raise NoSuchPage
        return cls(float(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True)
class Page:
    """Some papers of a list, for rows."""

    papers: Sequence[Paper]
    after: str
    """What asks for the next page, "" where there is none."""
    is_first: bool
    count: int | None = None
    """All papers of the list, where that is known."""
    beside: Sequence[Paper] = ()
    """Other papers that were asked for along with them."""


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list is asked for, and how much of each paper."""

    after: str = ""
    """The key that the page before named; "" for the first page."""
    size: int = SIZE
    load: Load = rows.of
    since: datetime | None = None
    """Only what was announced from this moment on."""


def of_heat(papers: QuerySet[Paper], part: Part, *, count: int | None = None, beside: Collection[int] = ()) -> Page:
    """A page of these papers, the hottest first; and others beside it, by number."""
    if part.since is not None:
        papers, count = papers.filter(announced_at__gte=part.since), None
    key = Key.read(part.after)
    chosen = _below(papers, key, "heat", "pk").order_by("-heat", "-pk").values("pk")
    return _page(chosen, key, count, part, beside=beside)


def of_arrival(part: Part) -> Page:
    """A page of all papers as they came into the catalogue, the first to come first: nothing moves there but away."""
    if part.after and not _NUMBER.fullmatch(part.after):
        raise NoSuchPage
    papers = Paper.objects.visible().filter(pk__gt=int(part.after or 0)).order_by("pk")
    found = list(part.load(papers)[: part.size + 1])
    if part.after and not found:
        raise NoSuchPage
    after = str(found[part.size - 1].pk) if len(found) > part.size else ""
    return Page(found[: part.size], after, is_first=not part.after)


def of_topic(topic: Topic, part: Part, count: int | None = None) -> Page:
    """Served by the index ``topic_by_heat``."""
    return _of_links(PaperTopic.objects.filter(topic=topic, belongs=True, paper__is_hidden=False), part, count)


def of_category(category: Category, part: Part, count: int | None = None) -> Page:
    """Served by the index ``category_by_heat``."""
    return _of_links(PaperCategory.objects.filter(category=category, paper__is_hidden=False), part, count)


def of_author(author: Author, part: Part, count: int | None = None) -> Page:
    """An author's papers are few enough to be put in order each time."""
    mine = Authorship.objects.filter(author=author, paper__is_hidden=False)
    return of_heat(Paper.objects.filter(pk__in=mine.values("paper")), part, count=count)


def _of_links(links: QuerySet[Any], part: Part, count: int | None) -> Page:
    key = Key.read(part.after)
    if part.since is not None:
        # Heat never falls below a paper's day but by a curator's hand: so the index is read to there and no further.
        lowest = trending.hours(part.since) - DEEPEST_BOOST
        links, count = links.filter(heat__gte=lowest, paper__announced_at__gte=part.since), None
    chosen = _below(links, key, "heat", "paper").order_by("-heat", "-paper").values("paper")
    return _page(chosen, key, count, part)


def _below(listed: QuerySet[Any], key: Key | None, heat: str, pk: str) -> QuerySet[Any]:
    if key is None:
        return listed
    # The first condition is the one that an index is entered by.
    return listed.filter(Q(**{f"{heat}__lt": key.heat}) | Q(**{f"{pk}__lt": key.pk}), **{f"{heat}__lte": key.heat})


def _page(
    chosen: QuerySet[Any], key: Key | None, count: int | None, part: Part, *, beside: Collection[int] = ()
) -> Page:
    """Which papers is asked for first, and within the same query: their texts are read for these alone."""
    wanted = Q(pk__in=chosen[: part.size + 1]) | (Q(pk__in=beside) if beside else Q())
    found = list(part.load(Paper.objects.trending().filter(wanted)))
    papers = [paper for paper in found if paper.pk not in beside]
    if key is not None and not papers:
        raise NoSuchPage
    last = papers[part.size - 1] if len(papers) > part.size else None
    after = str(Key(last.heat, last.pk)) if last else ""
    return Page(papers[: part.size], after, key is None, count, [paper for paper in found if paper.pk in beside])
