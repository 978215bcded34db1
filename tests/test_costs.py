import time
from collections.abc import Callable

from tests.costs import TRIES, least_seconds


def turns(left: list[float]) -> Callable[[], None]:
    """Work that takes so many million turns, one number for each try."""

    def work() -> None:
        for _ in range(int(left.pop(0) * 1_000_000)):
            pass

    return work


def test_one_slow_try_is_not_what_work_costs() -> None:
    left = [0.001, 1, 0.001, 0.001, 0.001]

    assert least_seconds(turns(left)) < 0.005
    assert left == []


def test_work_is_tried_no_more_once_it_is_quick_enough() -> None:
    left = [0.001, 1]

    least_seconds(turns(left), enough=60)

    assert left == [1]


def test_waiting_costs_nothing() -> None:
    tries = []

    def wait() -> None:
        tries.append(1)
        time.sleep(0.05)

    assert least_seconds(wait) < 0.05
    assert len(tries) == TRIES
