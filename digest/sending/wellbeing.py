"""Whether all is well: what the desk's first page says, and what operators are mailed about."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Max, Q
from django.utils.timesince import timesince

from digest.editions import states
from digest.models import Edition, EditionRules, MailEvent, Relay
from digest.sending import index_check, metrics
from papersite.cache import Away
from papersite.catalogue.models import Harvest

# Live sources are asked several times a day; a weekend brings runs without papers, and no silence.
SILENT = timedelta(hours=26)
WAITS_TOO_LONG = timedelta(minutes=30)
DEADLINE_NEAR = timedelta(hours=2)
BEAT_GONE = timedelta(minutes=5)
MANY_COMPLAINTS = 5
NO_INDEX = "no index"
_WOKE = "digest.woke"
Indexes = list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is well or not, in words, and the admin page of the rows behind it."""

    key: str
    name: str
    words: str
    is_well: bool
    page: str = ""
    for_curators: bool = False


def woke(now: datetime) -> None:
    """Beat's order arrived: noted for whoever asks whether beat lives."""
    with suppress(Away):
        cache.set(_WOKE, now, timeout=86_400)


def checks(
    now: datetime, by: EditionRules | None = None, indexes: Indexes | None = None, *, for_curators: bool = False
) -> list[Check]:
    """All of them, or those that are curators' business; ``by``: the rules for editions, where they were read,
    and ``indexes``: what was told of these."""
    by = by or states.rules()
    mail = [] if for_curators else [*_mail(now, by), *_beat(now), *_events(now)]
    return [
        *mail,
        *_sources(now),
        *_index(indexes if indexes is not None else index_check.told(now)),
        *_deadlines(now, by),
    ]


def _mail(now: datetime, by: EditionRules) -> Iterator[Check]:
    page = "admin:digest_relay_changelist"
    held = Relay.objects.filter(pk=1).first() or Relay()
    if held.alarm:
        yield Check("alarm", "Mail", f"Stopped by an alarm: {held.alarm}", False, page)
    elif held.is_paused:
        yield Check("paused", "Mail", f"Paused. {held.pause_reason}".strip(), False, page)
    elif held.down_until and held.down_until > now:
        yield Check("relay", "Mail", f"The mail server cannot be used: {held.down_reason}", False, page)
    else:
        yield Check("relay", "Mail", "May leave.", True, page)
    waiting = metrics.oldest_wait(now, states.waiting(now, by))
    page = "admin:digest_delivery_changelist"
    if waiting > timedelta(0):
        words = f"The oldest that may leave waits for {timesince(now - waiting, now)}."
        yield Check("queue", "Queue", words, waiting < WAITS_TOO_LONG, page)
    else:
        yield Check("queue", "Queue", "Nothing waits.", True, page)


def _beat(now: datetime) -> Iterator[Check]:
    last, page = None, "admin:papersite_heartbeat_changelist"
    with suppress(Away):
        last = cache.get(_WOKE)
    if last is None:
        yield Check("beat", "Beat and workers", "Not heard of within a day.", False, page)
    else:
        is_well = now - last < BEAT_GONE
        yield Check("beat", "Beat and workers", f"Last at work {timesince(last, now)} ago.", is_well, page)


def _events(now: datetime) -> Iterator[Check]:
    counted = MailEvent.objects.filter(received_at__gte=now - timedelta(days=1)).order_by().values_list("kind")
    kinds = dict(counted.annotate(Count("pk")))
    labels = dict(MailEvent.Kind.choices)
    told = ", ".join(f"{count} {labels.get(kind, kind)}" for kind, count in sorted(kinds.items()))
    is_well = kinds.get(MailEvent.Kind.COMPLAINT, 0) < MANY_COMPLAINTS
    yield Check(
        "events", "What came back within a day", told or "Nothing.", is_well, "admin:digest_mailevent_changelist"
    )


def _index(held: Indexes) -> Iterator[Check]:
    page = "admin:papersite_heartbeat_changelist"
    if not held:
        yield Check(NO_INDEX, "Search index", "Not heard of within a day.", False, page, for_curators=True)
    for host, words, is_well in held:
        name = f"Search index on {host}" if len(held) > 1 else "Search index"
        yield Check(f"index {host}"[:60], name, f"{words[:1].upper()}{words[1:]}", is_well, page, for_curators=True)


def _sources(now: datetime) -> Iterator[Check]:
    page = "admin:catalogue_harvest_changelist"
    held = _last_runs()
    for source in settings.HARVEST_SOURCES:
        runs = held.get(source, [])
        last = runs[0] if runs else None
        good = next((one for one in runs if one.error == "" and one.finished_at is not None), None)
        is_silent = good is None or (good.finished_at or good.started_at) < now - SILENT
        if last is None:
            words = "Never ran."
        elif last.finished_at is None:
            words = f"Runs since {timesince(last.started_at, now)}."
        elif last.error:
            words = f"Failed {timesince(last.finished_at, now)} ago: {last.error[:150]}"
        else:
            words = f"{last.created} new, {timesince(last.finished_at, now)} ago."
        yield Check(f"source {source}"[:60], f"Source {source}", words, not is_silent, page, for_curators=True)


def _last_runs() -> dict[str, list[Harvest]]:
    """Of each source its last run and the last that went well, newest first; one query."""
    of_ours = Harvest.objects.filter(source__in=settings.HARVEST_SOURCES).order_by().values("source")
    went_well = Q(error="", finished_at__isnull=False)
    last, good = (of_ours.filter(condition).annotate(Max("pk")).values("pk__max") for condition in (Q(), went_well))
    held: dict[str, list[Harvest]] = {}
    for run in Harvest.objects.filter(Q(pk__in=last) | Q(pk__in=good)).order_by("-pk"):
        held.setdefault(run.source, []).append(run)
    return held


def _deadlines(now: datetime, by: EditionRules) -> Iterator[Check]:
    if not by.needs_approval:
        return
    for ahead in range(3):
        day = (now + timedelta(days=ahead)).date()
        until = states.deadline(day, by) or states.first_slot(day)
        if now <= until <= now + DEADLINE_NEAR:
            is_approved = Edition.objects.filter(day=day, state=Edition.State.APPROVED).exists()
            how = "is approved" if is_approved else "is not approved"
            words = f"The edition of {day:%d %B} {how}, due by {until:%H:%M} UTC."
            page = "admin:digest_edition_changelist"
            yield Check(f"deadline {day}", "Deadline", words, is_approved, page, for_curators=True)
