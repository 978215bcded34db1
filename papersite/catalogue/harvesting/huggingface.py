"""Hugging Face's daily papers, day by day."""

from datetime import date, datetime, timedelta

from django.conf import settings

from papersite.catalogue import ingest
from papersite.catalogue.harvesting.runs import Run, running
from papersite.catalogue.sources import huggingface

SOURCE = "huggingface"
# The first run looks back two weeks; a later one reads the last days again, for their upvotes.
FIRST_DAYS = 14
DAYS_AGAIN = 3


def harvest(now: datetime, *, period: str = "") -> ingest.Report:
    """Reads the daily lists up to today, oldest first, and keeps how far it came after each.

    ``period`` names one list instead: a day, a week (2026-W20) or a month (2026-05). Raises
    AlreadyRunning, ValueError for a period that is none, and SourceError where the service
    cannot be read; what was read before that stays.
    """
    periods = [huggingface.period_of(period)] if period else None
    with running(SOURCE, settings.HUGGINGFACE_URL, now) as run:
        client = run.client(settings.HUGGINGFACE_URL, accept="application/json")
        with client:
            for asked in periods or [huggingface.period_of(str(day)) for day in _days(run)]:
                run.take_in(huggingface.fetch(client, asked, now))
                if not periods:
                    run.move({"day": asked["date"]})
    return run.report


def _days(run: Run) -> list[date]:
    """The days to read, oldest first; the last ones also after a clock that was set back."""
    today = run.now.date()
    known = run.cursor.get("day")
    first = today - timedelta(days=FIRST_DAYS)
    if known:
        first = min(date.fromisoformat(known), today) - timedelta(days=DAYS_AGAIN)
    return [first + timedelta(days=number) for number in range((today - first).days + 1)]
