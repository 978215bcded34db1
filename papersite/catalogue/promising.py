"""Learns what readers want from the days the catalogue has seen, and gives new papers their promise.

A paper is asked about once, while it is new, and keeps what was said: no later model moves it. So nothing
but its own signals changes its place, unless promise as a whole is taken back.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Min

from papersite.catalogue import revisions, trending
from papersite.catalogue.calendar import day_bounds
from papersite.catalogue.heat import scoring
from papersite.catalogue.models import Authorship, Paper, PaperCategory, Reading, Vote
from papersite.catalogue.promise import company, learning, shelf
from papersite.catalogue.promise.company import Company
from papersite.catalogue.promise.learning import Example
from papersite.catalogue.promise.model import Model
from papersite.catalogue.promise.sight import Seen
from papersite.web import page_store

logger = logging.getLogger(__name__)
BATCH = 500
# Younger papers have not earned yet what they will.
SETTLED = timedelta(days=3)
LEARNS_FROM = timedelta(days=400)
MOST_PAPERS = 60_000
# The part of a day's papers that may have been wanted at most: where all papers come with signals, the best of them.
WANTED_AT_MOST = 0.25
# Older papers are asked about no more.
FRESH = timedelta(days=7)
# What the last weeks said is no word on the weeks after these.
STALE = timedelta(days=35)


def file() -> Path:
    return Path(settings.DATA_DIR) / "promise.json"


def in_force(today: date) -> Model | None:
    """The model that may speak: switched on, not stale, and at least twice as good as chance."""
    model = shelf.held(file()) if settings.PROMISE else None
    return model if model is not None and why_not(model, today) == "" else None


def why_not(model: Model, today: date) -> str:
    """Why a model may not speak; empty where it may."""
    if not timedelta() <= today - model.learned_on <= STALE:
        return "it was learned too long ago"
    if not model.measure.beats_chance:
        return "it is not twice as good as chance"
    return ""


class Lesson(NamedTuple):
    """What was learned, and who stands among the first ten of the last weeks with it and without it."""

    model: Model
    companies: Mapping[str, Company]


def learn(now: datetime) -> Lesson:
    """Learns anew; nothing is kept. Raises TooLittle, and ImportError where scikit-learn is not installed."""
    past, today = examples(now), now.astimezone(UTC).date()
    model, before = learning.learn_and_measure(past, today)
    judged = [one for one in past if before is not None and one.day >= before.learned_on]
    if before is None:
        return Lesson(model, {})
    scores = {"with promise": before.damped_odds, "with promise, names undamped": before.odds}
    return Lesson(model, company.compare(past, judged, scores))


def keep(model: Model, now: datetime) -> int:
    """Puts a new model into force, and asks it about the papers of the last days that nobody asked about; how many.

    One that may not speak takes all promise back.
    """
    size = shelf.keep(model, file())
    logger.info(
        "promise.learned papers=%s days=%s p10=%.3f base=%.3f bytes=%s",
        model.learned_from, model.measure.days, model.measure.p10, model.measure.base, size,
    )  # fmt: skip
    if reason := why_not(model, now.astimezone(UTC).date()):
        logger.warning("promise.off reason=%s", reason)
        withdraw()
        return 0
    return score_pending(now)


def score_pending(now: datetime) -> int:
    """Gives the papers of the last days their promise that have none; how many. Nothing where promise is off."""
    if (model := in_force(now.astimezone(UTC).date())) is None:
        return 0
    new = Paper.objects.filter(promise=None, announced_at__gte=now - FRESH).order_by("pk")
    chosen = list(new.values_list("pk", flat=True))
    for batch in batched(chosen, BATCH):
        _score(batch, model)
    if chosen:
        page_store.renew()
    return len(chosen)


@transaction.atomic
def _score(paper_ids: Iterable[int], model: Model) -> None:
    weights = scoring.weights()
    papers = list(Paper.objects.filter(pk__in=paper_ids, promise=None).order_by("pk").select_for_update())
    seen = _seen(papers)
    for paper in papers:
        paper.promise, paper.promise_why = model.promise(seen[paper.pk])
        paper.heat = scoring.heat_of(paper, weights)
    Paper.objects.bulk_update(papers, ["promise", "promise_why", "heat"])
    revisions.mark(paper.pk for paper in papers if paper.promise)


def withdraw() -> int:
    """Takes all promise back; from how many papers."""
    held = Paper.objects.filter(promise__isnull=False).update(promise=None, promise_why="")
    if held:
        scoring.rescore()
    return held


def examples(now: datetime) -> list[Example]:
    """The papers of the last year that had time to earn, and which of them readers wanted."""
    until = day_bounds((now - SETTLED).astimezone(UTC).date())[0]
    past = Paper.objects.visible().announced_between(until - LEARNS_FROM, until).order_by("-announced_at")[:MOST_PAPERS]
    papers = list(past.only("title", "abstract", "comment", "code_url", "project_url", "announced_at", *_SIGNALS))
    wanted = _wanted(papers)
    found: list[Example] = []
    for batch in batched(papers, 5000):
        seen = _seen(batch)
        found += [Example(seen[one.pk], _day(one), wanted.get(one.pk)) for one in batch]
    return found


_SIGNALS = [name for name in trending.DEFAULT_WEIGHTS if name != trending.PROMISE]


def _day(paper: Paper) -> date:
    return paper.announced_at.astimezone(UTC).date()


def _wanted(papers: Sequence[Paper]) -> dict[int, date]:
    """Of each day those papers that earned anything, the most first, a quarter at most; and since when one knew."""
    weights = scoring.weights()
    by_day: dict[date, list[tuple[float, int]]] = defaultdict(list)
    for paper in papers:
        earned = sum(part.hours for part in trending.parts({name: getattr(paper, name) for name in _SIGNALS}, weights))
        by_day[_day(paper)].append((earned, paper.pk))
    best = {
        pk: day
        for day, scored in by_day.items()
        for earned, pk in sorted(scored, reverse=True)[: max(1, int(WANTED_AT_MOST * len(scored)))]
        if earned > 0
    }
    known = _known_since(list(best))
    # Of a signal without a reading nobody knows when it was earned: by now it is settled.
    return {pk: known.get(pk, day + SETTLED) for pk, day in best.items()}


def _known_since(paper_ids: Sequence[int]) -> dict[int, date]:
    """The day of the first vote or reading of each."""
    found: dict[int, date] = {}
    for batch in batched(paper_ids, 5000):
        votes = Vote.objects.standing().filter(paper__in=batch).order_by().values_list("paper")
        readings = Reading.objects.filter(paper__in=batch, value__gt=0).order_by().values_list("paper")
        told = [(pk, moment.astimezone(UTC).date()) for pk, moment in votes.annotate(first=Min("voted_at"))]
        for pk, day in [*told, *readings.annotate(first=Min("day"))]:
            found[pk] = min(day, found.get(pk, day))
    return found


def _seen(papers: Sequence[Paper]) -> dict[int, Seen]:
    """Papers as promise sees them, in two queries."""
    numbers = [paper.pk for paper in papers]
    authors: dict[int, list[str]] = defaultdict(list)
    rows = Authorship.objects.filter(paper__in=numbers).order_by("paper", "position")
    for pk, key in rows.values_list("paper", "author__key"):
        authors[pk].append(key)
    categories: dict[int, list[str]] = defaultdict(list)
    links = PaperCategory.objects.filter(paper__in=numbers).order_by("paper", "category__code")
    for pk, category, first, code in links.values_list(
        "paper", "category", "paper__primary_category", "category__code"
    ):
        categories[pk].insert(0 if category == first else len(categories[pk]), code)
    return {
        paper.pk: Seen(
            paper.title,
            paper.abstract,
            paper.comment,
            authors[paper.pk],
            categories[paper.pk],
            has_code=bool(paper.code_url),
            has_page=bool(paper.project_url),
        )
        for paper in papers
    }
