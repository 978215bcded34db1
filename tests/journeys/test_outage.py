"""Redis that loses everything, PostgreSQL that restarts, clocks that jump: nobody misses a mail or gets two."""

import os
import pwd
import shutil
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail

from digest import tasks
from digest.models import Delivery
from tests.conftest import missing
from tests.factories import FollowFactory, PaperFactory, SubscriptionFactory
from tests.site import Site, free_port, wait_until

READERS = [f"reader{number}@example.org" for number in range(90)]


class Redis:
    """A Redis of our own, to kill and to empty."""

    def __init__(self) -> None:
        self.binary = shutil.which("redis-server") or ""
        if not self.binary:
            missing("redis-server")
        self.port = free_port()
        self.start()

    def start(self) -> None:
        command = [self.binary, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(self.answers, 10, "Redis")

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


class Postgres:
    """A PostgreSQL of our own, to restart."""

    def __init__(self, folder: Path) -> None:
        binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
        if not binaries:
            missing("PostgreSQL")
        self.pg_ctl = binaries[-1]
        self.port = free_port()
        # It will not run as root, nor read what only root may.
        self.owner = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        self.folder = Path(f"/tmp/papersite-postgres-{self.port}") if self.owner else folder / "postgres"
        self.run("initdb", "--options=--auth=trust --username=postgres")
        self.options = f"--port={self.port} --listen-addresses=127.0.0.1 --unix_socket_directories="
        self.run("start", "--wait", f"--options={self.options}", "--log=/dev/null")
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def run(self, *arguments: str) -> None:
        command = [str(self.pg_ctl), *arguments[:1], f"--pgdata={self.folder}", *arguments[1:]]
        user: dict[str, Any] = {"user": self.owner.pw_uid, "group": self.owner.pw_gid} if self.owner else {}
        done = subprocess.run(command, capture_output=True, cwd="/", timeout=60, check=False, text=True, **user)
        assert done.returncode == 0, done.stdout + done.stderr

    def restart(self) -> None:
        self.run("restart", "--wait", "--mode=fast", f"--options={self.options}", "--log=/dev/null")

    def stop(self) -> None:
        self.run("stop", "--mode=immediate")
        shutil.rmtree(self.folder, ignore_errors=True)


def _goes_on(site: Site) -> bool:
    """Orders again, as beat would; whether nothing is left to do."""
    site.order("wake")
    return not set(site.states()) & {"due", "claimed", "sending"}


def _mails(site: Site, count: int) -> bool:
    """Orders again, as beat would; whether so many mails have left."""
    site.order("wake")
    return len(site.mails()) >= count


def check(site: Site) -> None:
    assert Counter(one["to"] for one in site.mails()) == dict.fromkeys(READERS, 1)
    assert site.states() == {"sent": len(READERS)}


@pytest.fixture
def redis() -> Iterator[Redis]:
    server = Redis()
    yield server
    server.stop()


@pytest.mark.long
@pytest.mark.processes
def test_a_redis_that_is_emptied_and_killed_costs_no_mail(tmp_path: Path, redis: Redis) -> None:
    site = Site(tmp_path, REDIS_URL=f"redis://127.0.0.1:{redis.port}/0")
    try:
        site.start_sink(seconds_a_mail=0.01)
        site.add_readers(READERS)
        site.start_worker()
        site.order("drain")
        wait_until(partial(_mails, site, 20), 60, "twenty mails", every=0.3)

        redis.stop()
        redis.start()

        # Whatever was ordered is forgotten; beat orders again.
        wait_until(partial(_goes_on, site), 60, "all deliveries settled", every=0.3)
        check(site)
    finally:
        site.close()


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path)
    yield server
    server.stop()


@pytest.mark.long
@pytest.mark.processes
def test_a_postgres_that_restarts_costs_no_mail_and_doubles_none(
    tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres.url)
    site = Site(tmp_path)
    try:
        site.start_sink(seconds_a_mail=0.01)
        site.add_readers(READERS)
        site.start_worker()
        site.order("drain")
        for count in (20, 60):
            wait_until(partial(_mails, site, count), 60, f"{count} mails", every=0.3)
            postgres.restart()

        wait_until(partial(_goes_on, site), 60, "all deliveries settled", every=0.3)
        check(site)
    finally:
        site.close()


def wake_at(moment: datetime, times: int = 1) -> None:
    with time_machine.travel(moment, tick=False):
        for _ in range(times):
            tasks.wake()


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("time_zone", "morning"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),  # the hour that spring skips
        ("Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the hour that autumn has twice
        ("Pacific/Auckland", datetime(2026, 11, 23, 11, 0, tzinfo=UTC)),  # midnight
    ],
)
def test_a_clock_that_is_stepped_back_and_forth_gives_one_mail_a_day(time_zone: str, morning: datetime) -> None:
    local = morning.astimezone(ZoneInfo(time_zone))
    PaperFactory.create_batch(3, announced_at=morning - timedelta(days=1))
    subscription = SubscriptionFactory.create(
        time_zone=time_zone, send_at=local.time(), next_due_on=local.date(), next_due_at=morning
    )
    FollowFactory.create(subscription=subscription)

    for minutes in (0, 1, -5, 61, -61, 130, 0, 1):
        wake_at(morning + timedelta(minutes=minutes), times=2)

    days: list[Any] = list(Delivery.objects.values_list("day", "state"))
    assert days == [(local.date(), "sent")]
    assert len(mail.outbox) == 1
