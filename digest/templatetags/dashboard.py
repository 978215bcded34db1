"""The desk's first page: what each role needs to see first."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.core.cache import cache
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.utils import timezone

from digest import totals
from digest.editions import editing, states, tallies
from digest.models import Edition, EditionRules, Incident, Opinion, Subscription
from digest.sending import index_check, wellbeing
from papersite.cache import Away
from papersite.catalogue.heat import plots
from papersite.catalogue.models import Harvest, Paper, SavedPaper, Topic
from papersite.catalogue.models import Tally as CatalogueTally

register = template.Library()

SPANS = (30, 365)
TOPICS = 3
# In seconds: its plots are of days.
REMEMBERED = 60
NAMES = (totals.SENT, totals.EMPTY, totals.FAILED, totals.SIGN_UPS, totals.LEAVERS)
LABELS = {totals.SENT: "mails", totals.EMPTY: "empty", totals.FAILED: "failed"}


@register.inclusion_tag("admin/dashboard.html")
def dashboard(request: HttpRequest) -> dict[str, Any]:
    now, user, by = timezone.now(), request.user, states.rules()
    sees_mail = user.has_perm("digest.view_delivery")
    edits = user.has_perm("digest.view_edition")
    indexes = remembered("desk.indexes", lambda: index_check.told(now))
    checks = wellbeing.checks(now, by, indexes, for_curators=not sees_mail)
    span = _span(request)
    figures = remembered(f"desk.plots.{now:%Y-%m-%d}.{span}", lambda: _figures(span, now.date()))
    return {
        "request": request,
        "now": now,
        "checks": checks,
        "wrong": [one for one in checks if not one.is_well],
        "incidents": Incident.objects.filter(over_at=None) if sees_mail else [],
        "morning": _morning(now.date(), now, by) if edits else None,
        **(figures if edits or sees_mail else {}),
        "span": span,
        "spans": SPANS,
        "may_change": user.has_perm("digest.change_edition"),
    }


def remembered[Found](key: str, find: Callable[[], Found]) -> Found:
    """What is counted over many rows, for a minute; where the cache is away, each time."""
    found: Found | None = None
    with suppress(Away):
        found = cache.get(key)
    if found is None:
        found = find()
        with suppress(Away):
            cache.set(key, found, REMEMBERED)
    return found


def _figures(span: int, today: date) -> dict[str, Any]:
    return {"report": _report(today - timedelta(days=1)), "plots": _plots(span, today)}


def _span(request: HttpRequest) -> int:
    return next((days for days in SPANS if request.GET.get("days") == str(days)), SPANS[0])


def _morning(day: date, now: datetime, by: EditionRules) -> dict[str, Any]:
    """Today's edition, its state and what comes next."""
    edition = Edition.objects.filter(day=day).annotate(pick_count=Count("picks")).first()
    gone, mails = editing.mails(day)
    return {
        "day": day,
        "edition": edition,
        "picks": edition.pick_count if edition else 0,
        "gone": gone,
        "mails": mails,
        "is_waiting": (by.needs_approval and day in states.waiting(now, by)) or _is_held(edition),
        "deadline": states.deadline(day, by),
        "needs_approval": by.needs_approval,
    }


def _is_held(edition: Edition | None) -> bool:
    return edition is not None and edition.state == Edition.State.HELD


def _report(day: date) -> dict[str, Any]:
    """What became of a day."""
    carried = tallies.carried(day)
    most = carried.papers.most_common(5)
    papers = Paper.objects.only("title", "arxiv_id").in_bulk([pk for pk, _ in most])
    begins = states.first_slot(day) + timedelta(hours=14)
    given = Opinion.objects.filter(given_at__gte=begins, given_at__lt=begins + timedelta(days=1))
    opinions = given.aggregate(
        more=Count("pk", filter=Q(kind=Opinion.Kind.MORE)), less=Count("pk", filter=Q(kind=Opinion.Kind.LESS))
    )
    saved = SavedPaper.objects.filter(saved_at__gte=begins, saved_at__lt=begins + timedelta(days=1))
    return {
        "day": day,
        "mails": carried.mails,
        "empty": carried.empty,
        "papers": [(papers[pk].title, papers[pk].get_absolute_url(), count) for pk, count in most if pk in papers],
        **opinions,
        "saves": saved.count(),
        "leavers": totals.series([totals.LEAVERS], since=day, until=day)[totals.LEAVERS][0][1],
    }


def _plots(span: int, today: date) -> list[tuple[str, str, list[plots.Line]]]:
    since = today - timedelta(days=span)
    held = totals.series(NAMES, since=since, until=today)
    came, went = held[totals.SIGN_UPS], held[totals.LEAVERS]
    readers = totals.backwards(Subscription.objects.active().count(), came, went)
    mails = [(f"m{number}", label, held[name]) for number, (name, label) in enumerate(LABELS.items())]
    people = [("m0", "readers", readers), ("m1", "sign-ups", came), ("m2", "leavers", went)]
    topics = [(f"m{number}", name, series) for number, (name, series) in enumerate(_topics(since, today))]
    return [
        ("Readers", "admin:digest_subscription_changelist", plots.lines(people, today)),
        ("Mails", "admin:digest_delivery_changelist", plots.lines(mails, today)),
        ("New papers by source", "admin:catalogue_harvest_changelist", plots.lines(_sources(since, today), today)),
        ("Papers of the top topics", "admin:catalogue_topic_changelist", plots.lines(topics, today)),
    ]


def _topics(since: date, today: date) -> list[tuple[str, totals.Series]]:
    """The three whose papers of these days are most, each day's from the counts that the database keeps."""
    kept = CatalogueTally.objects.filter(kind=CatalogueTally.Kind.TOPIC, day__gte=since, day__lte=today).order_by()
    most = list(kept.values_list("target").annotate(total=Sum("amount")).order_by("-total")[:TOPICS])
    names = dict(Topic.objects.filter(pk__in=[pk for pk, _ in most]).values_list("pk", "name"))
    held: dict[Any, dict[Any, int]] = {}
    for pk, day, amount in kept.filter(target__in=list(names)).values_list("target", "day", "amount"):
        of_topic = held.setdefault(pk, {})
        of_topic[day] = of_topic.get(day, 0) + amount
    days = [since + timedelta(days=number) for number in range((today - since).days + 1)]
    return [(names[pk], tuple((day, held[pk].get(day, 0)) for day in days)) for pk, _ in most if pk in held]


def _sources(since: date, today: date) -> list[tuple[str, str, totals.Series]]:
    """Of the five that brought most."""
    runs = Harvest.objects.filter(started_at__date__gte=since, created__gt=0).order_by()
    rows = runs.annotate(day=TruncDate("started_at")).values_list("source", "day").annotate(Sum("created"))
    held: dict[str, dict[date, int]] = {}
    for source, day, created in rows:
        held.setdefault(source, {})[day] = created
    days = [since + timedelta(days=number) for number in range((today - since).days + 1)]
    most = sorted(held, key=lambda source: -sum(held[source].values()))[:5]
    return [
        (f"m{number}", source, tuple((day, held[source].get(day, 0)) for day in days))
        for number, source in enumerate(most)
    ]
