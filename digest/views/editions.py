"""The archive: the site's issue of each day."""

from datetime import date, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from digest.editions import states
from papersite.catalogue.models import Paper

ARCHIVE_DAYS = 60
EDITION_LENGTH = 20


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """The latest days with papers, newest first, and what curators said of them."""
    newest = Paper.objects.visible().order_by("-announced_at").values_list("announced_at", flat=True).first()
    since = (newest or timezone.now()) - timedelta(days=ARCHIVE_DAYS)
    papers = Paper.objects.visible().filter(announced_at__gte=since, announced_at__lte=timezone.now())
    days = (
        papers.annotate(day=TruncDate("announced_at")).values("day").annotate(paper_count=Count("pk")).order_by("-day")
    )
    counted = list(days)
    editions = states.in_force([row["day"] for row in counted]).revisions
    rows = [row | {"edition": editions.get(row["day"])} for row in counted]
    return render(request, "digest/archive.html", {"days": rows})


@require_safe
def edition_detail(request: HttpRequest, day: date) -> HttpResponse:
    """The site's issue of a day: the curator's intro and picks, then the day's hottest."""
    today = timezone.now().date()
    begins = Paper.objects.visible().first_day() or today
    edition = states.in_force([day]).revisions.get(day)
    if day > today or (day < begins and edition is None):
        raise Http404("The catalogue has no papers of that day.")
    notes = {paper_id: note for paper_id, note, _ in edition.picks} if edition else {}
    papers = Paper.objects.trending().for_cards()
    by_id = {paper.pk: paper for paper in papers.filter(pk__in=notes)}
    context = {
        "day": day,
        "edition": edition,
        "picks": [{"paper": by_id[pk], "note": note} for pk, note in notes.items() if pk in by_id],
        "papers": papers.announced_on(day).exclude(pk__in=by_id)[:EDITION_LENGTH],
        "before": day - timedelta(days=1) if day > begins else None,
        "after": day + timedelta(days=1) if day < today else None,
    }
    return render(request, "digest/edition_detail.html", context)
