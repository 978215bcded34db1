"""One request at a time, over all that share the database."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from papersite.catalogue.harvesting import throttle as module
from papersite.catalogue.harvesting.throttle import throttle
from papersite.catalogue.models import RequestSlot
from papersite.catalogue.sources.records import SourceError

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def slot(pause: float = 0.01, at_most: float = 60, patience: float = 60) -> AbstractContextManager[None]:
    return throttle("arxiv", pause=pause, at_most=at_most, patience=patience)


class Clock:
    """The seconds of a machine on which only sleeping takes time; ``naps`` are what was slept."""

    def __init__(self) -> None:
        self.naps: list[float] = []
        self.on_nap: Callable[[], object] = lambda: None

    def monotonic(self) -> float:
        return sum(self.naps)

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.on_nap()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def held(by: str, **until: float) -> None:
    RequestSlot.objects.create(service="arxiv", holder=by, held_until=timezone.now() + timedelta(**until))


def test_two_requests_keep_their_distance() -> None:
    ends = []
    for _ in range(3):
        with slot(pause=0.2):
            ends.append(time.monotonic())

    assert all(later - earlier >= 0.2 for earlier, later in pairwise(ends))


def test_nobody_gets_a_slot_that_another_holds(clock: Clock) -> None:
    held("somebody", seconds=60)
    clock.on_nap = lambda: len(clock.naps) == 3 and RequestSlot.objects.update(holder="")

    with slot():
        assert len(clock.naps) == 3


def test_the_slot_of_a_killed_process_runs_out(clock: Clock) -> None:
    held("killed", seconds=-1)

    with slot():
        assert RequestSlot.objects.get().holder not in ("", "killed")
    assert RequestSlot.objects.get().holder == ""
    assert clock.naps == []


def test_a_clock_that_was_set_back_by_a_day_delays_a_request_by_its_pause_at_most(clock: Clock) -> None:
    RequestSlot.objects.create(service="arxiv", next_at=timezone.now() + DAY)

    with slot(pause=3):
        assert 3 <= clock.monotonic() < 3.3


def test_a_process_that_was_killed_before_the_clock_was_set_back_keeps_its_slot_no_longer(clock: Clock) -> None:
    held("killed", days=1)

    with slot(pause=3, at_most=20):
        assert 20 <= clock.monotonic() < 20.3
        assert RequestSlot.objects.get().holder != "killed"


def test_a_slot_that_changes_hands_is_waited_for_anew(clock: Clock) -> None:
    held("one", days=1)
    clock.on_nap = lambda: RequestSlot.objects.filter(holder="one").update(holder="another", next_at=timezone.now())

    with slot(at_most=2):
        assert clock.monotonic() >= 2


def test_waiting_among_many_has_an_end_that_says_so(clock: Clock) -> None:
    held("somebody", days=1)
    clock.on_nap = lambda: RequestSlot.objects.update(holder=f"number {len(clock.naps)}")

    with pytest.raises(SourceError, match="arxiv: others kept asking, or held its slot, for 5 s"), slot(patience=5):
        pass


def test_a_slot_is_given_back_when_its_work_fails() -> None:
    with pytest.raises(ZeroDivisionError), slot(pause=0):
        raise ZeroDivisionError

    assert RequestSlot.objects.get().holder == ""


def test_services_do_not_wait_for_one_another(clock: Clock) -> None:
    with slot(pause=9), throttle("another", pause=9, at_most=60, patience=60):
        assert RequestSlot.objects.count() == 2
    assert clock.naps == []
