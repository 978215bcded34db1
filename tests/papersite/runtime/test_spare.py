"""A worker without orders helps itself."""

import time
from typing import Any

import pytest

from papersite.runtime.spare import Spare
from tests.site import Site, wait_until

READERS = [f"reader{number}@example.org" for number in range(5)]


@pytest.mark.parametrize(
    ("answers", "seconds", "reason"),
    [(True, 0, ""), (True, 1000, "no_order_came"), (False, 0, "broker_is_away")],
)
def test_it_works_while_the_broker_or_beat_is_away(
    monkeypatch: pytest.MonkeyPatch, answers: bool, seconds: int, reason: str
) -> None:
    monkeypatch.setattr("papersite.runtime.broker.answers", lambda: answers)
    one = Spare(["mail"])
    one.ordered_at -= seconds

    assert one.reason() == reason


def test_an_order_that_comes_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papersite.runtime.broker.answers", lambda: True)
    one = Spare(["mail"])
    one.ordered_at -= 1000

    one._ordered()

    assert one.reason() == ""


@pytest.mark.parametrize(
    ("queues", "tasks"),
    [(["mail"], ["digest.wake", "digest.drain"]), (["doors"], ["accounts.fulfil"]), (["harvest"], [])],
)
def test_it_does_the_work_of_its_worker(queues: list[str], tasks: list[str]) -> None:
    assert Spare(queues).tasks == tasks


@pytest.mark.long
@pytest.mark.processes
def test_mail_leaves_without_a_broker(tmp_path: Any) -> None:
    site = Site(tmp_path, REDIS_URL="redis://127.0.0.1:1/0", CELERY_BROKER_URL="redis://127.0.0.1:1/0")
    try:
        site.start_sink()
        site.add_readers(READERS)
        began = time.monotonic()

        site.manage("work", "digest.wake", "digest.drain")

        wait_until(lambda: len(site.mails()) == len(READERS), 10, "all mails")
        assert time.monotonic() - began < 60
    finally:
        site.close()
