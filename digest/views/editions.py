"""The archive: the days there are."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from digest.editions import states
from papersite.catalogue.models import Tally
from papersite.shared_pages import shared

ARCHIVE_DAYS = 60


@shared()
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """The latest days with papers, newest first, and what curators said of them."""
    today = timezone.now().date()
    newest, _ = Tally.objects.nearest(today + timedelta(days=1))
    since = (newest or today) - timedelta(days=ARCHIVE_DAYS)
    days = Tally.objects.days(since, today + timedelta(days=1))
    editions = states.on_pages(list(days))
    rows = [
        {"day": day, "paper_count": count, "edition": editions.get(day)} for day, count in reversed(list(days.items()))
    ]
    return render(request, "digest/archive.html", {"days": rows})
