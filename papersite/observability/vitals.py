"""The site's processes in numbers, as their heartbeats tell: every host answers the same."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from papersite.models import Heartbeat, Probe
from papersite.observability.access import BUCKETS


class Processes(Collector):
    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        rows = list(Heartbeat.objects.all())
        yield self._ages()
        alive = GaugeMetricFamily("papersite_processes", "Processes that live, by name.", labels=["process"])
        names = sorted({one.name for one in rows})
        for name in names:
            alive.add_metric([name], sum(one.name == name and one.is_alive(self.now) for one in rows))
        yield alive
        yield from self._queues()
        yield from self._requests([one for one in rows if "buckets" in one.figures])

    def _ages(self) -> Metric:
        ages = GaugeMetricFamily(
            "papersite_heartbeat_age_seconds", "Since the last sign of life.", labels=["process", "host"]
        )
        newest = Heartbeat.objects.order_by("name", "host").values_list("name", "host").annotate(Max("beaten_at"))
        for name, host, beaten_at in newest:
            ages.add_metric([name, host], (self.now - beaten_at).total_seconds())
        return ages

    def _queues(self) -> Iterator[Metric]:
        ages = GaugeMetricFamily(
            "papersite_queue_age_seconds", "Since an order went through beat, broker, worker.", labels=["queue"]
        )
        waits = GaugeMetricFamily("papersite_queue_wait_seconds", "How long that order waited.", labels=["queue"])
        for one in Probe.objects.all():
            ages.add_metric([one.queue], (self.now - one.done_at).total_seconds())
            waits.add_metric([one.queue], max(0.0, (one.done_at - one.ordered_at).total_seconds()))
        yield ages
        yield waits

    def _requests(self, rows: list[Heartbeat]) -> Iterator[Metric]:
        """Each process by itself: together they would go back whenever one of them is gone."""
        done = CounterMetricFamily("papersite_requests", "Requests answered.", labels=["host", "pid", "status"])
        times = HistogramMetricFamily("papersite_request_seconds", "How long they took.", labels=["host", "pid"])
        for row in rows:
            labels = [row.host, str(row.pid)]
            for status, count in sorted(row.figures["statuses"].items()):
                done.add_metric([*labels, status], count)
            times.add_metric(labels, _cumulated(row.figures["buckets"]), row.figures["seconds"])
        yield done
        yield times


def _cumulated(buckets: list[int]) -> list[tuple[str, float]]:
    total, found = 0, []
    for edge, count in zip([*map(str, BUCKETS), "+Inf"], buckets, strict=True):
        total += count
        found.append((edge, float(total)))
    return found
