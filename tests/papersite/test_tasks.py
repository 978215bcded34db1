"""What Celery runs for the site itself."""

import time

import pytest
from celery import current_app

from papersite import tasks
from papersite.models import Probe
from papersite.settings import QUEUES

pytestmark = pytest.mark.django_db


def test_a_probe_notes_how_long_it_waited() -> None:
    tasks.probe.apply(args=("mail",), headers={"ordered_at": time.time() - 5})  # type: ignore[dict-item]

    probe = Probe.objects.get(queue="mail")
    assert 4 < (probe.done_at - probe.ordered_at).total_seconds() < 60


def test_beat_probes_every_queue() -> None:
    entries = [one for one in current_app.conf.beat_schedule.values() if one["task"] == "papersite.probe"]

    assert sorted(one["options"]["queue"] for one in entries) == sorted(QUEUES)
    assert all(one["args"] == [one["options"]["queue"]] for one in entries)
