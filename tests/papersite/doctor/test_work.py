"""Whether each process works, and whether mail would be taken."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from papersite.doctor import work
from papersite.mailing import smtp
from papersite.models import Heartbeat, Probe
from papersite.runtime.processes import TABLE
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def all_alive(db: None) -> None:
    for one in TABLE:
        queues = ",".join(one.queues)
        Heartbeat.objects.create(
            name=one.name, host="a", pid=1, queues=queues, version="1.0", started_at=NOW, beaten_at=NOW
        )
        for queue in one.queues:
            Probe.objects.create(queue=queue, ordered_at=NOW, done_at=NOW)


def wrong(now: Any = NOW) -> dict[str, str]:
    return {one.name: one.said for one in work.processes(now) if not one.is_well}


def test_all_processes_are_well(all_alive: None) -> None:
    assert wrong() == {}
    assert str(next(iter(work.processes(NOW)))).endswith("1 on a, version 1.0")


def test_one_that_is_gone_is_said_with_its_last_sign(all_alive: None) -> None:
    Heartbeat.objects.filter(name="beat").update(beaten_at=NOW - timedelta(hours=2))
    Heartbeat.objects.filter(name="index").delete()

    assert set(wrong()) == {"beat", "index"}
    assert "not heard of since" in wrong()["beat"]


def test_a_worker_for_all_queues_does_for_each(all_alive: None) -> None:
    Heartbeat.objects.exclude(queues="").delete()
    Heartbeat.objects.create(
        name="worker", host="a", pid=2, queues="doors,harvest,housekeeping,mail", started_at=NOW, beaten_at=NOW
    )

    assert wrong() == {}


def test_a_worker_to_whom_no_order_comes_is_wrong_unless_it_may_be_at_a_harvest(all_alive: None) -> None:
    Probe.objects.update(done_at=NOW - timedelta(minutes=6))

    assert set(wrong()) == {"doors", "mail"}


def mailer(settings: Any, port: int) -> None:
    url = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port, "EMAIL_HOST_USER": "", "EMAIL_HOST_PASSWORD": ""}
    settings.MAILERS = {"default": smtp.backend(url)}


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        made.listen()
        yield made


def test_a_relay_where_nobody_is(settings: Any, server: socket.socket) -> None:
    port = server.getsockname()[1]
    server.close()
    mailer(settings, port)

    assert "cannot be used (ConnectionRefusedError)" in work.relay().said


@pytest.mark.processes
def test_a_relay_that_takes_mail(settings: Any, tmp_path: Any) -> None:
    import subprocess
    import sys

    from tests.site import ROOT

    sink = subprocess.Popen([sys.executable, str(ROOT / "tests/sink.py"), "-"], stdout=subprocess.PIPE)
    try:
        assert sink.stdout is not None
        mailer(settings, int(sink.stdout.readline()))

        assert str(work.relay()).endswith("accepts a session")
    finally:
        sink.kill()
        sink.communicate()


def test_mail_into_files_is_for_trying_out(settings: Any) -> None:
    settings.MAILERS = {"default": {"BACKEND": "papersite.mailing.outbox.EmailBackend", "OPTIONS": {}}}

    assert not work.relay().is_well
