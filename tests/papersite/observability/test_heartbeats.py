"""Signs of life."""

import os
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from papersite.models import Heartbeat, Probe
from papersite.observability import heartbeats
from papersite.observability.heartbeats import Pulse, beaten
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_else() -> None:
    """A process that another test ran may have left its own sign of life."""
    Heartbeat.objects.all().delete()


def test_a_process_has_one_row_however_often_it_beats() -> None:
    for minutes in range(3):
        heartbeats.note("mail", NOW + timedelta(minutes=minutes), started_at=NOW, queues=["mail"], sent=minutes)

    row = Heartbeat.objects.get()
    assert (row.name, row.host, row.pid, row.queues) == ("mail", heartbeats.host(), os.getpid(), "mail")
    assert (row.beaten_at, row.started_at, row.figures) == (NOW + timedelta(minutes=2), NOW, {"sent": 2})
    assert row.version == heartbeats.version() != ""
    assert row.is_alive(NOW + timedelta(minutes=2, seconds=50))
    assert not row.is_alive(NOW + timedelta(minutes=4))


def test_a_process_that_is_long_gone_is_forgotten() -> None:
    Heartbeat.objects.create(name="web", host="former", pid=1, started_at=NOW, beaten_at=NOW - timedelta(hours=25))
    Heartbeat.objects.create(name="web", host="of today", pid=1, started_at=NOW, beaten_at=NOW - timedelta(hours=23))

    heartbeats.note("beat", NOW, started_at=NOW)

    assert set(Heartbeat.objects.values_list("host", flat=True)) == {"of today", heartbeats.host()}


def test_a_database_that_is_away_is_said_once(caplog: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **more: object) -> None:
        raise DatabaseError

    pulse = Pulse("web")
    with monkeypatch.context() as patched:
        patched.setattr(heartbeats, "note", away)
        pulse.beat()
        pulse.beat()
    assert caplog.text.count("heartbeat.not_written name=web") == 1

    pulse.beat()

    assert Heartbeat.objects.get().name == "web"


def test_who_hears_of_it_breaks_nothing() -> None:
    heard = []

    def hear(name: str, **signal: Any) -> None:
        heard.append(name)
        raise RuntimeError

    beaten.connect(hear)
    try:
        Pulse("web").beat()
    finally:
        beaten.disconnect(hear)

    assert heard == ["web"]


def test_a_queue_keeps_its_last_probe() -> None:
    for seconds in (1, 2):
        heartbeats.probed("mail", NOW, NOW + timedelta(seconds=seconds))

    assert Probe.objects.get().done_at == NOW + timedelta(seconds=2)
