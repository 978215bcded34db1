"""The archive: the site's issue of each day."""

import re
from datetime import UTC, date, timedelta

from django.db.models import Max, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from digest.models import Edition
from papersite.catalogue import months
from papersite.catalogue.converters import MonthConverter
from papersite.catalogue.models import Paper

EDITION_LENGTH = 20


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """A month's calendar: the newest with papers, or the one that is asked for."""
    shown = Paper.objects.visible().filter(announced_at__lte=timezone.now())
    ends = shown.aggregate(first=Min("announced_at"), last=Max("announced_at"))
    last = (ends["last"] or timezone.now()).astimezone(UTC).date().replace(day=1)
    first = ends["first"].astimezone(UTC).date().replace(day=1) if ends["first"] else last
    month = _month(request.GET["month"]) if "month" in request.GET else last
    if not first <= month <= last:
        raise Http404("The catalogue has no papers of that month.")
    context = {
        "month": month,
        "weeks": months.weeks(month),
        "hottest": months.hottest(month),
        "intros": dict(Edition.objects.filter(day__gte=month, day__lt=months.after(month)).values_list("day", "intro")),
        "before": (month - timedelta(days=1)).replace(day=1) if month > first else None,
        "after": months.after(month) if month < last else None,
    }
    return render(request, "digest/archive.html", context)


def _month(written: str) -> date:
    """The first day of a month such as 2026-11."""
    if not re.fullmatch(MonthConverter.regex, written):
        raise Http404("There is no such month.")
    try:
        return MonthConverter().to_python(written)
    except ValueError:
        raise Http404("There is no such month.") from None


@require_safe
def edition_detail(request: HttpRequest, day: date) -> HttpResponse:
    """The site's issue of a day: the curator's intro and picks, then the day's hottest."""
    today = timezone.now().date()
    begins = Paper.objects.visible().first_day() or today
    edition = Edition.objects.filter(day=day).first()
    if day > today or (day < begins and edition is None):
        raise Http404("The catalogue has no papers of that day.")
    picks = list(edition.picks.select_related("paper").filter(paper__is_hidden=False)) if edition else []
    papers = Paper.objects.trending().for_cards()
    by_id = {paper.pk: paper for paper in papers.filter(pk__in=[pick.paper_id for pick in picks])}
    for pick in picks:
        pick.paper = by_id[pick.paper_id]
    context = {
        "day": day,
        "edition": edition,
        "picks": picks,
        "papers": papers.announced_on(day).exclude(pk__in=by_id)[:EDITION_LENGTH],
        "before": day - timedelta(days=1) if day > begins else None,
        "after": day + timedelta(days=1) if day < today else None,
    }
    return render(request, "digest/edition_detail.html", context)
