"""Processes in numbers."""

from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from papersite.models import Heartbeat, Probe
from papersite.observability.access import Counts
from papersite.observability.vitals import Processes
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_exposition_tells_ages_queues_and_requests() -> None:
    counts = Counts()
    for status, seconds in ((200, 0.02), (200, 0.7), (404, 0.02)):
        counts.add(status, seconds)
    made = {"host": "a", "started_at": NOW}
    Heartbeat.objects.create(name="web", pid=1, beaten_at=NOW - timedelta(seconds=9), figures=counts.figures(), **made)
    Heartbeat.objects.create(name="web", pid=2, beaten_at=NOW - timedelta(minutes=9), **made)
    Heartbeat.objects.create(name="beat", pid=3, beaten_at=NOW - timedelta(minutes=8), **made)
    Probe.objects.create(queue="mail", ordered_at=NOW - timedelta(seconds=90), done_at=NOW - timedelta(seconds=70))
    registry = CollectorRegistry()
    registry.register(Processes(NOW))

    lines = generate_latest(registry).decode().splitlines()

    for line in (
        'papersite_heartbeat_age_seconds{host="a",process="web"} 9.0',
        'papersite_heartbeat_age_seconds{host="a",process="beat"} 480.0',
        'papersite_processes{process="web"} 1.0', 'papersite_processes{process="beat"} 0.0',
        'papersite_queue_age_seconds{queue="mail"} 70.0', 'papersite_queue_wait_seconds{queue="mail"} 20.0',
        'papersite_requests_total{host="a",pid="1",status="2xx"} 2.0',
        'papersite_request_seconds_bucket{host="a",le="0.025",pid="1"} 2.0',
        'papersite_request_seconds_bucket{host="a",le="+Inf",pid="1"} 3.0',
        'papersite_request_seconds_sum{host="a",pid="1"} 0.74',
    ):  # fmt: skip
        assert line in lines
