"""Calling a worker costs a page nothing, whatever the broker does."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from kombu.exceptions import OperationalError

from papersite.runtime import bell
from papersite.runtime.bell import Bell


class EndingBell(Bell):
    """Its thread can be ended."""

    def _publish(self) -> None:
        with suppress(SystemExit):
            super()._publish()


class Broker:
    """Stands for Celery's application: a task whose publishing can be held up, or fail."""

    def __init__(self) -> None:
        self.published = threading.Semaphore(0)
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.error: BaseException | None = None
        self.bells: list[Bell] = []
        task = SimpleNamespace(apply_async=self.publish)
        self.app = SimpleNamespace(conf=SimpleNamespace(task_always_eager=False), tasks={"a.task": task})

    def bell(self) -> Bell:
        self.bells.append(EndingBell("a.task"))
        return self.bells[-1]

    def publish(self, **options: Any) -> None:
        self.may_go_on.wait(20)
        self.published.release()
        if self.error:
            raise self.error

    def close(self) -> None:
        """Ends the threads that publish: one that went on would look for its task in what comes after this test."""
        self.error = SystemExit()
        self.may_go_on.set()
        for one in self.bells:
            one.ring()
        for thread in threading.enumerate():
            if thread.name == "bell a.task":
                thread.join(20)
                assert not thread.is_alive()


@pytest.fixture
def broker(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    broker = Broker()
    monkeypatch.setattr(bell, "current_app", broker.app)
    monkeypatch.setattr(bell, "PAUSE", 0.0)
    yield broker
    broker.close()


def test_who_rings_does_not_wait_and_is_heard(broker: Broker) -> None:
    broker.may_go_on.clear()
    rung = broker.bell()

    for _ in range(50):
        rung.ring()  # would hang here

    broker.may_go_on.set()
    assert broker.published.acquire(timeout=20)
    rung.ring()
    assert broker.published.acquire(timeout=20)


@pytest.mark.parametrize("error", [OperationalError("away"), ConnectionRefusedError()])
def test_a_broker_that_comes_back_is_heard_again(broker: Broker, error: Exception) -> None:
    broker.error = error
    rung = broker.bell()
    rung.ring()
    assert broker.published.acquire(timeout=20)

    broker.error = None
    rung.ring()

    assert broker.published.acquire(timeout=20)
