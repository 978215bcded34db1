"""Repositories that papers link to: which to ask GitHub about, and what its answer gives the papers."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from papersite.catalogue import revisions
from papersite.catalogue.heat import scoring
from papersite.catalogue.models import Paper, PaperQuerySet, Reading, Repository
from papersite.catalogue.sources.links import repository_url
from papersite.catalogue.sources.records import SourceRepository

# Papers older than this rise no more by their stars.
WATCHED = timedelta(days=90)
ASK_AGAIN = timedelta(hours=20)
WEEK = timedelta(days=7)
KEPT_FOR = timedelta(days=30)
# Nobody loses half of the stars within days and has them back.
HALF = 0.5
LEAP = 1000
# What was deleted seldom comes back.
ASK_AGAIN_IF_GONE = timedelta(days=14)


def due(now: datetime) -> list[Repository]:
    """Repositories of recent papers that were not asked for a day, those never asked first."""
    recent = Paper.objects.visible().filter(announced_at__gte=now - WATCHED, code_url__startswith="https://github.com/")
    urls = {url for url in recent.values_list("code_url", flat=True) if repository_url(url) == url}
    Repository.objects.bulk_create(
        [Repository(url=url) for url in sorted(urls)], ignore_conflicts=True, batch_size=2000
    )
    is_due = (
        Q(asked_at=None)
        | Q(is_gone=False, asked_at__lt=now - ASK_AGAIN)
        | Q(is_gone=True, asked_at__lt=now - ASK_AGAIN_IF_GONE)
        | Q(asked_at__gt=now)  # before the clock was set back
    )
    found = Repository.objects.filter(is_due).order_by(F("asked_at").asc(nulls_first=True), "url")
    return [repository for repository in found if repository.url in urls]


@transaction.atomic
def keep(told: SourceRepository, now: datetime) -> int:
    """Writes what GitHub told of a repository, and moves its papers; how many of them changed."""
    row = Repository.objects.select_for_update().get(url=told.url)
    row.asked_at = now
    row.is_gone = told.is_gone
    if not told.is_gone:
        row.stars = row.stars if told.stars is None else told.stars
        row.etag = told.etag
        row.week_stars = _week_before(row, now) if told.week_stars is None else told.week_stars
    if told.stars is not None:
        row.is_archived = told.is_archived
        row.renamed_to = told.full_url if told.full_url.lower() != told.url.lower() else ""
    row.save()
    return _move_papers(row, now)


def _move_papers(row: Repository, now: datetime) -> int:
    weights = scoring.weights()
    changed, readings = [], []
    for paper in Paper.objects.filter(code_url=row.url).order_by("pk").select_for_update():
        week = None if row.is_gone else row.week_stars
        if row.stars is not None and not row.is_gone:
            readings.append(Reading(paper=paper, signal=Reading.Signal.GITHUB_STARS, day=now.date(), value=row.stars))
        if (paper.github_stars, paper.github_week) != (row.stars, week):
            paper.github_stars, paper.github_week = row.stars, week
            paper.heat = scoring.heat_of(paper, weights)
            changed.append(paper)
    Paper.objects.bulk_update(changed, ["github_stars", "github_week", "heat"])
    revisions.mark(paper.pk for paper in changed)
    Reading.objects.bulk_create(
        readings, update_conflicts=True, unique_fields=["paper", "signal", "day"], update_fields=["value"]
    )
    return len(changed)


def _week_before(row: Repository, now: datetime) -> int | None:
    """Stars gained since about a week ago, where GitHub does not tell it itself; None where nobody knows.

    Readings of other sources fall and rise by themselves, so a day's highest counts, and one that says far
    fewer than a reading before it is a failure of its source and no reading.
    """
    if row.stars is None:
        return None
    today = now.date()
    readings = Reading.objects.filter(
        paper__code_url=row.url, signal=Reading.Signal.GITHUB_STARS, day__gte=today - KEPT_FOR, day__lte=today
    )
    highest: dict[date, int] = {}
    for day, value in readings.values_list("day", "value"):
        highest[day] = max(value, highest.get(day, 0))
    trusted = _without_falls(sorted(highest.items()), row.stars)
    before = [value for day, value in trusted if today - 2 * WEEK <= day <= today - WEEK]
    return max(row.stars - before[-1], 0) if before else None


def _without_falls(readings: list[tuple[date, int]], now: int) -> list[tuple[date, int]]:
    """Without readings that lie far below both an earlier one and what is held now."""
    kept: list[tuple[date, int]] = []
    for day, value in readings:
        top = max((earlier for _, earlier in kept), default=0)
        if not (value < top * HALF and value < now * HALF):
            kept.append((day, value))
    # A count that leaps from nothing to many is one that was not told before.
    while kept and not kept[0][1] and next((value for _, value in kept if value), now) >= LEAP:
        del kept[0]
    return kept


def with_state(papers: PaperQuerySet) -> PaperQuerySet:
    """With what was last told of the repositories that papers link to."""
    row = Repository.objects.filter(url=OuterRef("code_url"))
    return papers.annotate(
        code_is_gone=Subquery(row.values("is_gone")[:1]), code_is_archived=Subquery(row.values("is_archived")[:1])
    )


def state_of(paper: Any) -> Repository | None:
    """That of a paper's, from ``with_state``; None where it was never asked about."""
    if paper.code_is_gone is None:
        return None
    return Repository(url=paper.code_url, is_gone=paper.code_is_gone, is_archived=paper.code_is_archived)
