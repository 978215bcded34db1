"""The archive: the days there are."""

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from digest.editions import states
from papersite.catalogue import months
from papersite.catalogue.converters import month_of
from papersite.catalogue.models import Tally
from papersite.web.shared_pages import shared
from papersite.web.sheets import on_a_sheet


@shared("month")
@on_a_sheet
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """A month's calendar: the newest with papers, or the one that is asked for."""
    today = timezone.now().date()
    first, last = (day.replace(day=1) for day in Tally.objects.ends(today) or (today, today))
    month = _month(request.GET["month"]) if "month" in request.GET else last
    if not first <= month <= last:
        raise Http404("The catalogue has no papers of that month.")
    hottest = months.hottest(month)
    context = {
        "month": month,
        "weeks": months.weeks(month),
        "hottest": hottest,
        "editions": states.on_pages(list(hottest)),
        "before": (month - timedelta(days=1)).replace(day=1) if month > first else None,
        "after": months.after(month) if month < last else None,
    }
    return render(request, "digest/archive.html", context)


def _month(written: str) -> date:
    if (found := month_of(written)) is None:
        raise Http404("There is no such month.")
    return found
