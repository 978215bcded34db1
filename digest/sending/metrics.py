"""How the sending goes, for curators and monitors: read from the ledger, so that every process tells the same."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Max, Min, Q, QuerySet
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from digest.editions import states
from digest.models import BatchCursor, Delivery, Handover, MailEvent, Subscription, Suppression
from digest.sending import relay
from papersite.catalogue.models import Harvest, Revision
from papersite.models import Heartbeat
from papersite.observability import vitals

LATELY = timedelta(days=1)
# Mails a second are told over so long.
PACE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Progress:
    """Of the deliveries that fell due within a day."""

    states: dict[str, int]
    waiting_for: timedelta
    """How long the oldest delivery that could leave now has been waiting."""
    per_second: float
    uncertain: int
    is_open: bool

    @property
    def rows(self) -> list[tuple[str, int]]:
        """The states in words, in the order of a delivery's life."""
        return [(label, self.states[state]) for state, label in Delivery.State.choices if self.states.get(state)]


def progress(now: datetime) -> Progress:
    # The day, which no zone moves by more than one, is what the index knows.
    recent = Delivery.objects.filter(day__gte=(now - 2 * LATELY).date(), due_at__gte=now - LATELY, due_at__lte=now)
    states = dict(recent.order_by().values_list("state").annotate(Count("pk")))
    _tell_what_is_in_hand(states, recent.filter(state=Delivery.State.CLAIMED))
    lately = recent.filter(state=Delivery.State.SENT, settled_at__gt=now - PACE).count()
    return Progress(
        states=states,
        waiting_for=oldest_wait(now),
        per_second=lately / PACE.total_seconds(),
        uncertain=recent.filter(is_uncertain=True).count(),
        is_open=relay.is_open(now),
    )


def oldest_wait(now: datetime, waiting: Collection[date] | None = None) -> timedelta:
    """How long the oldest delivery waits that could leave now, none of the days that wait for curators."""
    due = Delivery.objects.due(now).exclude(day__in=states.waiting(now) if waiting is None else waiting)
    oldest = due.order_by().aggregate(Min("due_at"))["due_at__min"]
    return now - oldest if oldest else timedelta(0)


def _tell_what_is_in_hand(states: dict[str, int], claimed: QuerySet[Delivery]) -> None:
    """A row says only that it is claimed; which of them are being sent their workers' cursors say."""
    begun = BatchCursor.objects.filter(begun__gt=F("done")).values("begun")
    if sending := claimed.filter(pk__in=begun).count():
        states[Delivery.State.SENDING] = states.get(Delivery.State.SENDING, 0) + sending
        states[Delivery.State.CLAIMED] -= sending


def exposition(now: datetime) -> bytes:
    """All of it in the form that Prometheus reads."""
    registry = CollectorRegistry()
    registry.register(_Ledger(now))
    registry.register(_Upkeep(now))
    registry.register(vitals.Processes(now))
    return generate_latest(registry)


class _Ledger(Collector):
    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        found = progress(self.now)
        states = GaugeMetricFamily(
            "papersite_deliveries", "Deliveries that fell due within a day, by state.", labels=["state"]
        )
        for state in Delivery.State.values:
            states.add_metric([state], found.states.get(state, 0))
        yield states
        events = GaugeMetricFamily("papersite_mail_events", "Bounces and complaints within a day.", labels=["kind"])
        counted = MailEvent.objects.filter(received_at__gte=self.now - LATELY).order_by().values_list("kind")
        for kind, count in counted.annotate(Count("pk")):
            events.add_metric([kind], count)
        yield events
        mails = Handover.objects.filter(Q(day=self.now.date())).values_list("mail_count", flat=True).first()
        for name, text, value in (
            ("papersite_waiting_seconds", "Age of the oldest delivery that could leave now.",
             found.waiting_for.total_seconds()),
            ("papersite_mails_per_second", "Mails sent, over five minutes.", found.per_second),
            ("papersite_mails_today", "Mails handed over on this day in UTC.", mails or 0),
            ("papersite_uncertain_deliveries", "Mails that may have left twice, within a day.", found.uncertain),
            ("papersite_relay_open", "1 while mail may leave.", int(found.is_open)),
            ("papersite_suppressed_addresses", "Addresses that must not be mailed.", Suppression.objects.count()),
        ):  # fmt: skip
            yield GaugeMetricFamily(name, text, value=value)


class _Upkeep(Collector):
    """What is fed and planned, and how late that is."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        due = Subscription.objects.due(self.now).count()
        yield GaugeMetricFamily("papersite_readers_not_planned", "Readers whose hour has come, not planned.", value=due)
        ages = GaugeMetricFamily("papersite_harvest_age_seconds", "Since a source was last read.", labels=["source"])
        runs = Harvest.objects.filter(error="", finished_at__isnull=False).order_by("source").values_list("source")
        for source, finished_at in runs.annotate(Max("finished_at")):
            ages.add_metric([source], (self.now - finished_at).total_seconds())
        yield ages
        lags = GaugeMetricFamily("papersite_index_lag", "Rounds of changes an index has to read.", labels=["host"])
        latest = Revision.objects.aggregate(Max("number"))["number__max"] or 0
        for host, figures in (
            Heartbeat.objects.filter(name="index").order_by("beaten_at").values_list("host", "figures")
        ):
            if (held := figures.get("revision")) is not None:
                lags.add_metric([host], max(0, latest - held))
        yield lags
