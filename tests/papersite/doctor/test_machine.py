"""Database, broker, disk and index, as this host finds them."""

from collections import namedtuple
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.db import OperationalError, connection
from django.utils import timezone

from papersite.doctor import machine
from papersite.models import Heartbeat
from tests.factories import NOW

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")


def wrong(lines: Any) -> list[str]:
    return [one.name for one in lines if not one.is_well]


def test_a_database_that_is_well() -> None:
    lines = list(machine.database(timezone.now()))

    assert [one.name for one in lines] == ["database", "migrations", "clock", "hosts"]
    assert wrong(lines) == []


def test_nothing_more_is_asked_of_one_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def cursor(self) -> None:
            raise OperationalError

    monkeypatch.setattr(machine, "connection", Gone())

    assert [str(one)[:15] for one in machine.database(NOW)] == ["WRONG  database"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is for several hosts")
def test_several_hosts_on_one_file_are_wrong() -> None:
    for host in ("a", "b"):
        Heartbeat.objects.create(name="web", host=host, pid=1, started_at=NOW, beaten_at=NOW)

    assert wrong(machine.database(NOW)) == ["hosts"]
    assert wrong(machine.database(NOW + timedelta(minutes=5))) == []


@pytest.mark.parametrize(("free", "is_well"), [(400_000_000, False), (6_000_000_000, True), (2_000_000_000, False)])
def test_a_disk_that_is_nearly_full(monkeypatch: pytest.MonkeyPatch, free: int, is_well: bool) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(100_000_000_000, 0, free))

    assert machine.disk().is_well is is_well


def test_an_index_and_none(settings: Any, tmp_path: Path, index: Any) -> None:
    assert not machine.index().is_well
    index()
    assert str(machine.index()).endswith("is there, 0 rounds of changes behind")


def test_a_broker_that_answers_and_one_that_does_not(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    assert wrong(machine.messages()) == []
    monkeypatch.setattr("papersite.runtime.broker.answers", lambda: False)
    assert wrong(machine.messages()) == ["broker"]


def test_redis_on_another_host_wants_a_password_and_tls() -> None:
    names = wrong(machine._redis("redis://redis.invalid:1/0"))

    assert names == ["Redis, password", "Redis, TLS", "Redis"]


@pytest.mark.skipif(not site_settings.REDIS_URL, reason="there is no Redis")
def test_a_redis_that_would_drop_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    url = str(site_settings.CACHES["default"]["LOCATION"])
    assert wrong(machine._redis(url)) == []

    told = {"maxmemory": 1000, "maxmemory_policy": "allkeys-lru"}
    monkeypatch.setattr("redis.Redis.info", lambda self, section: told)

    assert wrong(machine._redis(url)) == ["Redis, eviction"]
