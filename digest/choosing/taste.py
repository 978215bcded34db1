"""Which of the newest papers are close to what readers saved, voted for and wanted more of, and to which of these.

Learned anew for each mail, from few examples, in less than a millisecond. Nothing is learned from what was opened or
clicked. Whatever goes wrong with it is said in the log, and the mails go without.
"""

import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from django.db import InterfaceError, OperationalError

from digest.choosing.lifts import OpinionRow, shortened
from digest.choosing.rankings import Rankings
from digest.models import Opinion, Subscription
from digest.types import Candidate, Close, Reason
from papersite.catalogue import tasting
from papersite.catalogue.taste.engine import Examples
from papersite.catalogue.taste.readers import LEAST_READERS
from papersite.catalogue.taste.texts import Gathered
from papersite.catalogue.tasting import Held

logger = logging.getLogger(__name__)

# Of each kind of word the latest are read.
LATEST = 100
# So many of the closest are looked at: others were sent, are muted, or too little like any single one.
LOOKED_AT = 40
# From here on two papers are alike in words, or in meaning, as a reader would say.
ALIKE_IN_WORDS, ALIKE_IN_MEANING = 0.12, 0.45


class Wants(NamedTuple):
    """A reader, and how much of it they want."""

    reader: int
    close_to_saved: str

    def places(self, cap: int) -> int:
        """In a mail of at most so many papers."""
        if self.close_to_saved == Subscription.CloseToSaved.THIRD:
            return cap // 3
        return min(max(1, cap // 5), cap // 3)


class Said(NamedTuple):
    """A reader's examples, and which of the three words each of those they liked had."""

    examples: Examples
    word: Mapping[int, str]


class Nothing:
    """No taste of anybody."""

    def knows(self, subscription: int) -> bool:
        """Whether a reader said anything to learn from."""
        return False

    def closest(
        self, subscription: int, size: int, *, since: datetime | None = None, without: Collection[int] = ()
    ) -> list[Close]:
        return []


class Tastes(Nothing):
    """The tastes of a batch of readers."""

    def __init__(self, said: Mapping[int, Said], held: Held, pool: Sequence[Candidate]) -> None:
        self._said = said
        self._held = held
        self._candidates = {one.paper_id: one for one in pool}
        shelf = held.taste.shelf
        self._may_come = np.zeros(len(shelf))
        self._may_come[[shelf.place[one] for one in self._candidates if one in shelf.place]] = 1

    def knows(self, subscription: int) -> bool:
        return subscription in self._said

    def closest(
        self, subscription: int, size: int, *, since: datetime | None = None, without: Collection[int] = ()
    ) -> list[Close]:
        """The papers closest to a reader's taste, the closest first, each with its reason."""
        said = self._said.get(subscription)
        if said is None or size < 1:
            return []
        try:
            return self._closest(said, size, since, without)
        except Exception:
            logger.exception("taste.failed subscription=%s: the mail goes without", subscription)
            return []

    def _closest(self, said: Said, size: int, since: datetime | None, without: Collection[int]) -> list[Close]:
        taste, (wanted, unwanted) = self._held.taste, (said.examples.wanted, said.examples.unwanted)
        liked = [one for one in wanted if self._held.has(one)]
        told = self._held.gathered(liked)
        scores = taste.scores(said.examples, told, self._held.gathered(unwanted))
        if not liked:
            return []
        near = taste.closest(scores * self._may_come, max(LOOKED_AT, 4 * size))
        # Those that follow are less close: what no reason is found for among these makes room for heat.
        candidates = [self._candidates[paper] for paper in taste.shelf.ids.take(near).tolist()]
        may_come = [
            (place, one)
            for place, one in zip(near, candidates, strict=True)
            if one.paper_id not in without and (since is None or one.news_at >= since)
        ][: 4 * size]
        reasons = self._reasons([place for place, _ in may_come], liked, told, said.word)
        found = [Close(one, reason) for (_, one), reason in zip(may_come, reasons, strict=True) if reason]
        return in_turn(found[: 2 * size])[:size]

    def _reasons(
        self, places: list[int], liked: list[int], told: Gathered, word: Mapping[int, str]
    ) -> list[Reason | None]:
        """Which of the reader's papers each is close to; None where it is a little like all and like none."""
        reasons: list[Reason | None] = [None] * len(places)
        if not places:
            return reasons
        leasts = (ALIKE_IN_WORDS, ALIKE_IN_MEANING, LEAST_READERS)
        for likeness, least, kind in zip(
            self._held.likenesses(places, liked, told), leasts, ("", "", "kept"), strict=True
        ):
            if likeness is None:
                continue
            best = likeness.argmax(axis=1)
            enough = likeness[np.arange(len(places)), best] >= least
            for number in np.flatnonzero(enough).tolist():
                if reasons[number] is None:
                    one = liked[int(best[number])]
                    reasons[number] = kind or word[one], shortened(self._held.titles[one])
            if None not in reasons:
                break
        return reasons


def in_turn(close: Sequence[Close]) -> list[Close]:
    """First the closest to each of the reader's papers, then the second of each: none of them takes all places."""
    before: Counter[Reason] = Counter()
    turns = []
    for one in close:
        turns.append(before[one.reason])
        before[one.reason] += 1
    return [one for _, one in sorted(zip(turns, close, strict=True), key=itemgetter(0))]


def read(
    wants: Mapping[int, Wants], opinions: Mapping[int, Sequence[OpinionRow]], rankings: Rankings, now: datetime
) -> Nothing:
    """The tastes of the readers of a batch, by their subscriptions; in as many queries for many as for one."""
    if not wants:
        return Nothing()
    try:
        said = _said(wants, opinions)
        if not said:
            return Nothing()
        pool = rankings.pool()
        held = tasting.site_taste().refresh({one.paper_id for one in pool}, now)
        held.load({paper for one in said.values() for paper in (*one.examples.wanted, *one.examples.unwanted)})
        return Tastes(said, held, pool)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("taste.failed readers=%s: their mails go without", len(wants))
        return Nothing()


def _said(wants: Mapping[int, Wants], opinions: Mapping[int, Sequence[OpinionRow]]) -> dict[int, Said]:
    readers = {one.reader for one in wants.values()}
    saved, voted = tasting.latest_saved(readers, LATEST), tasting.latest_voted(readers, LATEST)
    found = {}
    for subscription, one in wants.items():
        more, less = (
            [row.paper_id for row in opinions.get(subscription, ()) if row.kind == kind]
            for kind in (Opinion.Kind.MORE, Opinion.Kind.LESS)
        )
        parts = {"saved": saved.get(one.reader, []), "like": more, "voted": voted.get(one.reader, [])}
        word = {paper: name for name, papers in reversed(parts.items()) for paper in papers}
        examples = Examples.of([paper for papers in parts.values() for paper in papers], less)
        if examples.wanted:
            found[subscription] = Said(examples, word)
    return found
