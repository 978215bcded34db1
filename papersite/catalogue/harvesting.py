"""Live runs of a source: one at a time, from where the last one stopped, each a row a curator can read."""

import logging
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from papersite.catalogue import ingest
from papersite.catalogue.models import Harvest
from papersite.catalogue.sources import huggingface
from papersite.catalogue.sources.http import SourceClient

logger = logging.getLogger(__name__)

# The first run looks back two weeks; a later one reads the last days again, for their upvotes.
FIRST_DAYS = 14
DAYS_AGAIN = 3
# A run that has said nothing for so long was killed.
LOST_AFTER = timedelta(hours=2)
LOST = "The run vanished before its end; the next one goes on from its cursor."


class AlreadyRunning(Exception):
    """Another run of the source is under way."""


def harvest_huggingface(now: datetime) -> ingest.Report:
    """Reads the daily lists up to today, oldest first, and keeps the day after each.

    Raises AlreadyRunning, and SourceError where the service cannot be read; what was read
    before that stays.
    """
    run = _begin("huggingface", settings.HUGGINGFACE_URL, now)
    with ingest.recording(run) as report, SourceClient(settings.HUGGINGFACE_URL, accept="application/json") as client:
        for day in _days(run.cursor, now.date()):
            ingest.take_in(huggingface.fetch(client, day), report, lambda _number: now)
            run.cursor = day.isoformat()
            ingest.keep(run, report)
    logger.info("harvest.done source=huggingface %s", report)
    return report


SOURCES = {"huggingface": harvest_huggingface}


def _begin(source: str, origin: str, now: datetime) -> Harvest:
    """The row of a new run, with the cursor of the last; the database lets only one be live."""
    live = Harvest.objects.filter(source=source, is_live=True)
    lost = live.filter(finished_at__isnull=True, started_at__lt=now - LOST_AFTER)
    lost.update(finished_at=timezone.now(), error=LOST)
    cursor = live.exclude(cursor="").order_by("-cursor").values_list("cursor", flat=True).first() or ""
    try:
        with transaction.atomic():
            return Harvest.objects.create(source=source, origin=origin, started_at=now, is_live=True, cursor=cursor)
    except IntegrityError as error:
        raise AlreadyRunning(f"A run of {source} is under way.") from error


def _days(cursor: str, today: date) -> list[date]:
    """The days to read, oldest first."""
    first = date.fromisoformat(cursor) - timedelta(days=DAYS_AGAIN) if cursor else today - timedelta(days=FIRST_DAYS)
    return [first + timedelta(days=number) for number in range((today - first).days + 1)]
