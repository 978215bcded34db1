"""What work costs in seconds of the processor, whatever else the machine does meanwhile."""

import time
from collections.abc import Callable

TRIES = 5


def least_seconds(work: Callable[[], object], enough: float = 0) -> float:
    """The least of up to five tries in this thread's own time: a busy machine adds to a try, and takes from none.

    The first try within ``enough`` seconds ends it.
    """
    least = _seconds(work)
    for _ in range(TRIES - 1):
        if least < enough:
            break
        least = min(least, _seconds(work))
    return least


def _seconds(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began
