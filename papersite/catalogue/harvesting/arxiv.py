"""arXiv, three ways: each evening's feeds, the archive since a day, and single papers.

All three share one slot: a request in three seconds, whoever asks.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Q

from papersite.catalogue import calendar, ingest
from papersite.catalogue.harvesting.runs import Run, each, running
from papersite.catalogue.harvesting.throttle import throttle
from papersite.catalogue.models import Paper
from papersite.catalogue.sources.arxiv import api, atom, feed, oai
from papersite.catalogue.sources.http import PASSING, SourceClient
from papersite.catalogue.sources.records import SourceError
from papersite.catalogue.topics import taxonomy

# Feeds are made anew at midnight, Eastern time, four hours after the announcement.
FEED_LAG = timedelta(hours=4)
# In the cursor beside the archives: the day since which the archive is to be read, until it was.
MISSED = "missed"
# Without a cursor the archive is read this far back.
FIRST_DAYS = 3
# Papers of other sources that arXiv is asked about, in one run.
MAX_REPAIRS = 1000
REPAIRED_WITHIN = timedelta(days=60)


def harvest_feeds(now: datetime) -> ingest.Report:
    """What the last evening announced, an archive at a time; evenings that were missed come from the archive.

    An empty feed after an evening on which arXiv announces is an error, never a quiet day.
    Raises AlreadyRunning, and SourceError once all archives were tried.
    """
    with (
        running("arxiv", settings.ARXIV_FEED_URL, now) as run,
        _client(run, settings.ARXIV_FEED_URL, "application/atom+xml") as client,
    ):
        each(run, settings.ARXIV_ARCHIVES, partial(_read_feed, run, client))
    if MISSED in run.cursor:
        harvest_archive(now, since=date.fromisoformat(run.cursor[MISSED]))
        run.amend({name: value for name, value in run.cursor.items() if name != MISSED})
    return run.report


def harvest_archive(now: datetime, *, since: date | None = None) -> ingest.Report:
    """What changed in each category since a day, or since the last whole run; it goes on where one stopped.

    Raises AlreadyRunning, and SourceError where the service cannot be read.
    """
    with running("arxiv-oai", settings.ARXIV_OAI_URL, now) as run:
        cursor = run.cursor
        if since is not None and cursor.get("since") != str(since):
            cursor = {"since": str(since), "done": []}
        elif cursor.get("since", "9999") > str(now.date()):
            # Never read, or while the clock was ahead.
            cursor = {"since": str(now.date() - timedelta(days=FIRST_DAYS)), "done": []}
        with _client(run, settings.ARXIV_OAI_URL, "text/xml") as client:
            for category in taxonomy.leaves(settings.ARXIV_ARCHIVES):
                if category not in cursor["done"]:
                    cursor = _read_set(run, client, category, cursor)
        # The day itself is not over: it is read again.
        run.move({"since": str(now.date() - timedelta(days=1)), "done": []})
    return run.report


def harvest_papers(now: datetime, *, arxiv_ids: Iterable[str] = ()) -> ingest.Report:
    """Single papers; without identifiers, those of recent weeks of which arXiv has told nothing yet.

    Raises AlreadyRunning, and SourceError where the service cannot be read.
    """
    with running("arxiv-papers", settings.ARXIV_API_URL, now) as run:
        ids = list(dict.fromkeys(arxiv_ids)) or _untold(now)
        with _client(run, settings.ARXIV_API_URL, "application/atom+xml") as client:
            run.take_in(api.fetch(client, ids, now))
    return run.report


def _client(run: Run, base_url: str, accept: str) -> SourceClient:
    # A killed process keeps the slot no longer than its run counts as alive.
    lease = settings.HARVEST_LEASE.total_seconds()
    at_most = min(2 * settings.HARVEST_TIMEOUT + 30, lease)
    slot = partial(throttle, "arxiv", pause=settings.ARXIV_PAUSE, at_most=at_most, patience=lease)
    # 406 is how arXiv's edge turns away too many requests, and "Rate exceeded." may come with 200.
    return run.client(base_url, accept=accept, slot=slot, passing=PASSING | {406}, looks_busy=_looks_busy)


def _looks_busy(body: bytes) -> bool:
    return body[:200].lstrip().lower().startswith(b"rate exceeded")


def _read_feed(run: Run, client: SourceClient, archive: str) -> None:
    cursor = run.cursor
    known: dict[str, Any] = cursor.get(archive, {})
    last = datetime.fromisoformat(known["announced"]) if "announced" in known else None
    newest = calendar.last_announcement(run.now - FEED_LAG)
    if last is not None and last > calendar.last_announcement(run.now):
        # Read while the clock was ahead, or from a feed that was.
        known, last = {}, None
    if last is not None and last >= newest:
        return
    answer, found = feed.fetch(client, archive, known.get("etag", ""))
    announced = _announced(found, newest, answer.url, last)
    if found is None or announced is None:
        return
    run.take_in(found.records)
    if feed.is_full(found.records):
        _read_categories(run, client, archive)
    cursor |= {archive: {"announced": announced.isoformat(), "etag": answer.headers.get("ETag", "")}}
    if last is not None and (missed := calendar.announcements(last, announced)[:-1]):
        cursor[MISSED] = min(cursor.get(MISSED, "9999"), str(missed[0].date()))
    run.move(cursor)


def _announced(found: atom.Feed | None, newest: datetime, url: str, last: datetime | None) -> datetime | None:
    """The evening whose papers a feed holds; None for an old feed. Raises SourceError where it cannot be believed."""
    late = f"{url}: not made anew since the announcement of {newest:%Y-%m-%d %H:%M} UTC"
    if found is None:
        raise SourceError(late)
    if found.built_at is None:
        raise SourceError(f"{url}: the feed has no date")
    announced = calendar.evening_before(found.built_at)
    if found.records:
        if announced < newest and last is not None and announced <= last:
            raise SourceError(late)
        return announced
    if announced == newest:
        raise SourceError(f"{url}: empty, though arXiv announces on the evening of {newest:%Y-%m-%d} UTC: not believed")
    if announced < newest:
        raise SourceError(late)
    return None


def _read_categories(run: Run, client: SourceClient, archive: str) -> None:
    run.note(f"The feed of {archive} is full and may be cut: each of its categories is read.")
    for category in taxonomy.leaves([archive]):
        found = feed.fetch(client, category)[1]
        run.take_in(found.records if found else ())


def _read_set(run: Run, client: SourceClient, category: str, cursor: dict[str, Any]) -> dict[str, Any]:
    """Reads a set to its end, and keeps each page's token; the cursor after it."""
    since = date.fromisoformat(cursor["since"])
    token = cursor.get("token", "") if cursor.get("set") == category else ""
    while True:
        try:
            page = oai.fetch(client, category, since, token)
        except oai.TokenExpired as expired:
            if not token:
                raise
            run.note(str(expired))
            token = ""
            continue
        run.take_in(page.records)
        token = page.token
        if not token:
            break
        cursor = cursor | {"set": category, "token": token}
        run.move(cursor)
    cursor = {"since": cursor["since"], "done": [*cursor["done"], category]}
    run.move(cursor)
    return cursor


def _untold(now: datetime) -> list[str]:
    recent = Paper.objects.visible().filter(announced_at__gte=now - REPAIRED_WITHIN)
    untold = recent.filter(Q(arxiv_observed_at=None), ~Q(arxiv_id="")).order_by("-announced_at")
    return list(untold.values_list("arxiv_id", flat=True)[:MAX_REPAIRS])
