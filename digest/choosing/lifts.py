"""How far a reader's opinions move the papers of their mails.

An opinion counts in hours of heat, like everything that orders papers: one day newer is 24. It never
brings a paper that the follows do not bring, nor keeps one out: mutes do that.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from digest.choosing import titles
from digest.choosing.similarity import Similarity
from digest.models import Opinion
from digest.types import Lift

# For a paper as alike as the paper itself.
HOURS = {Opinion.Kind.MORE: 24.0, Opinion.Kind.LESS: -48.0}
# One opinion moves a paper no further, and all of a reader's together no further than twice down: a "less" of one
# paper is said of what is like it, not of the field that they follow.
FURTHEST_UP, ONE_DOWN, FURTHEST_DOWN = 12.0, -12.0, -24.0
HALVES_IN = timedelta(days=30)
FORGOTTEN_AFTER = timedelta(days=180)
LATEST = 50
# From here on a lift is worth a word in the mail.
WORTH_A_WORD = 5.0
TITLE_LENGTH = 60


class OpinionRow(NamedTuple):
    """One opinion, without the weight of a row."""

    paper_id: int
    kind: str
    given_at: datetime


def latest(subscription_ids: Iterable[int], now: datetime) -> dict[int, list[OpinionRow]]:
    """The newest opinions of each reader of a batch, in one query."""
    numbered = Window(RowNumber(), partition_by=F("subscription"), order_by=(F("given_at").desc(), F("pk").desc()))
    rows = (
        Opinion.objects.filter(subscription__in=list(subscription_ids), given_at__gt=now - FORGOTTEN_AFTER)
        .annotate(number=numbered)
        .filter(number__lte=LATEST)
        .order_by("number")
    )
    said: dict[int, list[OpinionRow]] = defaultdict(list)
    for subscription_id, paper_id, kind, given_at in rows.values_list("subscription", "paper", "kind", "given_at"):
        said[subscription_id].append(OpinionRow(paper_id, kind, given_at))
    return said


def lifts(said: Sequence[OpinionRow], similarity: Similarity, now: datetime) -> dict[int, Lift]:
    """How many hours a reader's opinions move each paper that is like one of them, and which one lifted it most."""
    hours: dict[int, float] = defaultdict(float)
    best: dict[int, tuple[float, int]] = {}
    for paper_id, kind, given_at in said:
        weight = HOURS[Opinion.Kind(kind)] * strength(given_at, now)
        for alike, share in similarity.of(paper_id).items():
            hours[alike] += max(ONE_DOWN, weight * share)
            if weight * share > best.get(alike, (WORTH_A_WORD, 0))[0]:
                best[alike] = weight * share, paper_id
    return {
        alike: Lift(
            max(FURTHEST_DOWN, min(FURTHEST_UP, moved)),
            shortened(similarity.title_of(best[alike][1])) if moved > 0 and alike in best else "",
        )
        for alike, moved in hours.items()
    }


def strength(given_at: datetime, now: datetime) -> float:
    """What an opinion still counts for: all of it when it is new, half of it a month later."""
    return float(0.5 ** (max(timedelta(), now - given_at) / HALVES_IN))


def shortened(title: str) -> str:
    """A title as part of a line, on one line."""
    return titles.cut(title, TITLE_LENGTH)
