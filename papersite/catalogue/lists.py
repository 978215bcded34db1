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
from papersite.missing import Missing

SIZE = 30
# In hours: a paper that a curator puts back by more stands in no list of a time any more.
DEEPEST_BOOST = 240
# How much of each paper is read.
Load = Callable[[PaperQuerySet], PaperQuerySet]
_KEY = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{1,18})?(?:e-?[0-9]{1,3})?)_([0-9]{1,18})")


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


def of_heat(
    papers: QuerySet[Paper],
    written: str,
    *,
    count: int | None = None,
    beside: Collection[int] = (),
    size: int = SIZE,
    load: Load = rows.of,
) -> Page:
    """A page of these papers, the hottest first, after the paper of a key; and others beside it, by number.

    ``load`` says how much of each is read: what a row shows, or all of it.
    """
    key = Key.read(written)
    chosen = _below(papers, key, "heat", "pk").order_by("-heat", "-pk").values("pk")
    return _page(chosen, key, count, size, load, beside=beside)


def of_topic(
    topic: Topic,
    written: str,
    count: int | None = None,
    *,
    since: datetime | None = None,
    size: int = SIZE,
    load: Load = rows.of,
) -> Page:
    """Those announced ``since`` a moment, or all; served by the index ``topic_by_heat``."""
    links = PaperTopic.objects.filter(topic=topic, belongs=True, paper__is_hidden=False)
    return _of_links(links, written, count, since=since, size=size, load=load)


def of_category(
    category: Category,
    written: str,
    count: int | None = None,
    *,
    since: datetime | None = None,
    size: int = SIZE,
    load: Load = rows.of,
) -> Page:
    """The same; served by the index ``category_by_heat``."""
    links = PaperCategory.objects.filter(category=category, paper__is_hidden=False)
    return _of_links(links, written, count, since=since, size=size, load=load)


def of_author(
    author: Author,
    written: str,
    count: int | None = None,
    *,
    since: datetime | None = None,
    size: int = SIZE,
    load: Load = rows.of,
) -> Page:
    """The same; an author's papers are few enough to be put in order each time."""
    mine = Authorship.objects.filter(author=author, paper__is_hidden=False)
    papers = Paper.objects.filter(pk__in=mine.values("paper"))
    if since is not None:
        papers, count = papers.filter(announced_at__gte=since), None
    return of_heat(papers, written, count=count, size=size, load=load)


def _of_links(
    links: QuerySet[Any], written: str, count: int | None, *, since: datetime | None, size: int, load: Load
) -> Page:
    key = Key.read(written)
    if since is not None:
        # Heat never falls below a paper's day but by a curator's hand: so the index is read to there and no further.
        lowest = trending.hours(since) - DEEPEST_BOOST
        links, count = links.filter(heat__gte=lowest, paper__announced_at__gte=since), None
    chosen = _below(links, key, "heat", "paper").order_by("-heat", "-paper").values("paper")
    return _page(chosen, key, count, size, load)


def _below(listed: QuerySet[Any], key: Key | None, heat: str, pk: str) -> QuerySet[Any]:
    if key is None:
        return listed
    # The first condition is the one that an index is entered by.
    return listed.filter(Q(**{f"{heat}__lt": key.heat}) | Q(**{f"{pk}__lt": key.pk}), **{f"{heat}__lte": key.heat})


def _page(
    chosen: QuerySet[Any], key: Key | None, count: int | None, size: int, load: Load, *, beside: Collection[int] = ()
) -> Page:
    """Which papers is asked for first, and within the same query: their texts are read for these alone."""
    wanted = Q(pk__in=chosen[: size + 1]) | (Q(pk__in=beside) if beside else Q())
    found = list(load(Paper.objects.trending().filter(wanted)))
    papers = [paper for paper in found if paper.pk not in beside]
    if key is not None and not papers:
        raise NoSuchPage
    last = papers[size - 1] if len(papers) > size else None
    after = str(Key(last.heat, last.pk)) if last else ""
    return Page(papers[:size], after, key is None, count, [paper for paper in found if paper.pk in beside])
