"""What stands around Celery's tasks."""

from typing import Any

import pytest
from celery import shared_task, signals

from papersite.observability import logs
from papersite.runtime import hooks

told: list[dict[str, Any]] = []


@shared_task(name="tests.tell")
def tell() -> None:
    told.append(logs.told())


def test_a_worker_says_for_which_request_it_works() -> None:
    told.clear()
    headers: dict[str, Any] = {}
    with logs.about(request="abc"):
        signals.before_task_publish.send(sender="tests.tell", headers=headers, body=None)

    tell.apply(headers=headers, task_id="0123456789")

    assert told == [{"task": "tests.tell", "task_id": "01234567", "request": "abc"}]
    assert headers["ordered_at"] > 0
    assert logs.told() == {}


@pytest.mark.parametrize(
    ("queues", "name"),
    [(["mail"], "mail"), (["housekeeping", "harvest"], "harvest"), (["mail", "doors"], "worker")],
)
def test_a_worker_has_the_name_of_its_queues(queues: list[str], name: str) -> None:
    assert hooks._name_of(queues) == name


def test_beat_lives_while_it_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    class Scheduler:
        ticked_at = 1000.0

    monkeypatch.setattr("time.monotonic", lambda: 1000.0 + hooks.BEAT_STANDS_STILL - 1)
    assert hooks._ticks(Scheduler())
    monkeypatch.setattr("time.monotonic", lambda: 1000.0 + hooks.BEAT_STANDS_STILL + 1)
    assert not hooks._ticks(Scheduler())


def test_celery_sets_up_no_logs_of_its_own() -> None:
    assert signals.setup_logging.receivers
