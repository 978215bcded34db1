"""The desk's first page: what each role needs to see first."""

from datetime import date, timedelta
from typing import Any

from django import template
from django.db.models import Sum
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.utils import timezone

from digest import totals
from digest.editions import editing, states, tallies
from digest.models import Edition, Incident, Opinion, Subscription
from digest.sending import wellbeing
from papersite.catalogue import plots
from papersite.catalogue.models import Harvest, Paper, SavedPaper

register = template.Library()

SPANS = (30, 365)
NAMES = (totals.SENT, totals.EMPTY, totals.FAILED, totals.SIGN_UPS, totals.LEAVERS)
LABELS = {totals.SENT: "mails", totals.EMPTY: "empty", totals.FAILED: "failed"}


@register.inclusion_tag("admin/dashboard.html")
def dashboard(request: HttpRequest) -> dict[str, Any]:
    now, user = timezone.now(), request.user
    sees_mail = user.has_perm("digest.view_delivery")
    edits = user.has_perm("digest.view_edition")
    checks = [one for one in wellbeing.checks(now) if sees_mail or one.for_curators]
    return {
        "request": request,
        "now": now,
        "checks": checks,
        "wrong": [one for one in checks if not one.is_well],
        "incidents": Incident.objects.filter(over_at=None) if sees_mail else [],
        "morning": _morning(now.date()) if edits else None,
        "report": _report(now.date() - timedelta(days=1)) if edits or sees_mail else None,
        "plots": _plots(_span(request), now.date()) if edits or sees_mail else [],
        "span": _span(request),
        "spans": SPANS,
        "may_change": user.has_perm("digest.change_edition"),
    }


def _span(request: HttpRequest) -> int:
    return next((days for days in SPANS if request.GET.get("days") == str(days)), SPANS[0])


def _morning(day: date) -> dict[str, Any]:
    """Today's edition, its state and what comes next."""
    edition, by = Edition.objects.filter(day=day).first(), states.rules()
    gone, mails = editing.mails(day)
    return {
        "day": day,
        "edition": edition,
        "picks": edition.picks.count() if edition else 0,
        "gone": gone,
        "mails": mails,
        "is_waiting": states.is_waiting(day, timezone.now()),
        "deadline": states.deadline(day, by),
        "needs_approval": by.needs_approval,
    }


def _report(day: date) -> dict[str, Any]:
    """What became of a day."""
    carried = tallies.carried(day)
    most = carried.papers.most_common(5)
    papers = Paper.objects.in_bulk([pk for pk, _ in most])
    begins = states.first_slot(day) + timedelta(hours=14)
    within = {"given_at__gte": begins, "given_at__lt": begins + timedelta(days=1)}
    saved = SavedPaper.objects.filter(saved_at__gte=begins, saved_at__lt=begins + timedelta(days=1))
    return {
        "day": day,
        "mails": carried.mails,
        "empty": carried.empty,
        "papers": [(papers[pk], count) for pk, count in most if pk in papers],
        "more": Opinion.objects.filter(kind=Opinion.Kind.MORE, **within).count(),
        "less": Opinion.objects.filter(kind=Opinion.Kind.LESS, **within).count(),
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
    return [
        ("Readers", "admin:digest_subscription_changelist", plots.lines(people, today)),
        ("Mails", "admin:digest_delivery_changelist", plots.lines(mails, today)),
        ("New papers by source", "admin:catalogue_harvest_changelist", plots.lines(_sources(since, today), today)),
    ]


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
