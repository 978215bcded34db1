"""What a load balancer is told."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from papersite.observability import health
from papersite.runtime.breaker import breaker


@pytest.fixture(autouse=True)
def fresh_looks() -> Iterator[None]:
    health._looked.clear()
    health._static_files.cache_clear()
    yield
    health._looked.clear()
    health._static_files.cache_clear()


def ready() -> tuple[int, Any]:
    answer = Client().get("/health/ready/")
    return answer.status_code, answer.json()


@pytest.mark.django_db
def test_live_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert Client().get("/health/live/").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_with_all_that_pages_need(settings: Any, index: Any) -> None:
    settings.DEBUG = True
    index()

    assert ready() == (200, {
        "status": "ok",
        "checks": dict.fromkeys(("database", "migrations", "static files", "index", "broker", "cache"), "ok"),
    })  # fmt: skip


@pytest.mark.django_db
def test_an_index_or_broker_that_is_away_takes_no_page_away(
    settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEBUG = True
    settings.INDEX_DIR = tmp_path
    monkeypatch.setattr("papersite.runtime.broker.answers", lambda: False)

    status, said = ready()

    assert (status, said["status"]) == (200, "degraded")
    assert (said["checks"]["index"], said["checks"]["broker"]) == ("missing", "away")


@pytest.mark.django_db
def test_without_static_files_or_migrations_no_page_is_ready(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_is_migrated", lambda: False)

    status, said = ready()

    assert status == 503
    assert (said["checks"]["migrations"], said["checks"]["static files"]) == ("missing", "missing")


@pytest.mark.django_db
def test_a_database_that_is_away_is_said_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "is_away", True)

    status, said = ready()

    assert (status, said["checks"]["database"], said["checks"]["migrations"]) == (503, "broken", "unknown")


def test_a_database_that_refuses_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def cursor(self) -> None:
            raise OperationalError

    monkeypatch.setattr(health, "connection", Gone())

    assert health._database() == "broken"
