"""Calling a worker costs a page nothing, whatever the broker does."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from kombu.exceptions import OperationalError

from papersite.runtime import bell
from papersite.runtime.bell import Bell


class Broker:
    """Stands for Celery's application: a task whose publishing can be held up, or fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.published = threading.Semaphore(0)
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.error: Exception | None = None
        task = SimpleNamespace(apply_async=self.publish)
        app = SimpleNamespace(conf=SimpleNamespace(task_always_eager=False), tasks={"a.task": task})
        monkeypatch.setattr(bell, "current_app", app)
        monkeypatch.setattr(bell, "PAUSE", 0.0)

    def publish(self, **options: Any) -> None:
        self.may_go_on.wait(20)
        self.published.release()
        if self.error:
            raise self.error


@pytest.mark.django_db(transaction=True)
def test_who_rings_does_not_wait_and_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker(monkeypatch)
    broker.may_go_on.clear()
    rung = Bell("a.task")

    for _ in range(50):
        rung.ring()  # would hang here

    broker.may_go_on.set()
    assert broker.published.acquire(timeout=20)
    rung.ring()
    assert broker.published.acquire(timeout=20)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError("away"), ConnectionRefusedError()])
def test_a_broker_that_comes_back_is_heard_again(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    broker = Broker(monkeypatch)
    broker.error = error
    rung = Bell("a.task")
    rung.ring()
    assert broker.published.acquire(timeout=20)

    broker.error = None
    rung.ring()

    assert broker.published.acquire(timeout=20)
