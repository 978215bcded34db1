"""Whether the search indexes follow the database, as their writers last said."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, Subquery
from django.utils.timesince import timesince

from papersite.catalogue.models import Revision, Tally
from papersite.models import Heartbeat

# To build a large index anew takes minutes, in which the one before is read.
STANDS_STILL = timedelta(minutes=30)
# So long a restart or an upgrade may take before it is news.
AWAY_FOR_LONG = timedelta(minutes=10)


def told(now: datetime) -> list[tuple[str, str, bool]]:
    """Each host that has had a writer within a day, what is to say of its index, and whether that is well."""
    return [(host, *_of(beat, now)) for host, beat in _newest()]


def _newest() -> Iterator[tuple[str, Any]]:
    """The last sign of life of each host, with what the database has by now; one query."""
    counter = Revision.objects.filter(pk=Revision.COUNTER).values("number")
    beats: Any = Heartbeat.objects.filter(name="index").order_by("host", "-beaten_at")
    hosts = beats.annotate(
        latest=Subquery(counter),
        waits=Exists(Revision.objects.filter(number=None)),
        shown=Subquery(Tally.objects.all_papers()),
    )
    seen: set[str] = set()
    for beat in hosts:
        if beat.host not in seen:
            seen.add(beat.host)
            yield beat.host, beat


def _of(beat: Any, now: datetime) -> tuple[str, bool]:
    held, papers = beat.figures.get("revision"), beat.figures.get("papers")
    latest, shown = beat.latest or 0, beat.shown or 0
    if not beat.is_alive(now):
        silent = now - beat.beaten_at
        return f"its writer was last heard of {timesince(beat.beaten_at, now)} ago.", silent < AWAY_FOR_LONG
    if held is None:
        return "there is none yet.", now - beat.started_at < STANDS_STILL
    is_level = held == latest and not beat.waits
    moved_at = beat.figures.get("moved_at")
    if moved_at and not is_level and now - datetime.fromisoformat(moved_at) > STANDS_STILL:
        return f"stands still for {timesince(datetime.fromisoformat(moved_at), now)}.", False
    if is_level and papers is not None and papers != shown:
        missing = shown - papers
        what = f"lacks {_papers(missing)}" if missing > 0 else f"has {_papers(-missing)} too many"
        return f"{what}: manage.py index --check says which.", False
    counted = f"{_papers(papers)}, " if papers is not None else ""
    if is_level:
        return f"{counted}up to the newest change.", True
    rounds = max(0, latest - held) + beat.waits
    return f"{counted}{rounds} round{'' if rounds == 1 else 's'} of changes to read.", True


def _papers(count: int) -> str:
    return f"{count:,} paper{'' if count == 1 else 's'}"
