"""What a worker does when no order comes: it looks by itself for mail that is due.

The database is the truth and the broker only wakes workers. While the broker is away, or beat, this is the spare
wheel: slower, and nobody's mail waits for the repair.
"""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any

from celery import signals

from papersite.runtime import broker, processes

logger = logging.getLogger(__name__)

# What a queue's worker would be ordered to do, by the tasks' names.
WORK = {"mail": ("digest.wake", "digest.drain"), "doors": ("accounts.fulfil",)}
LOOK_EVERY = 5.0
# In seconds: beat orders twice as often.
NO_ORDER_FOR = 130.0
# While it turns, it works so often.
PAUSE = 10.0
# A run drains for ten seconds and a mail; one that does not end is ended before a lease is over.
RUN_WITHIN = 100.0


class Spare:
    """Beside a worker of these queues."""

    def __init__(self, queues: Iterable[str]) -> None:
        self.tasks = [task for queue in queues for task in WORK.get(queue, ())]
        self.ordered_at = time.monotonic()

    def start(self) -> None:
        if self.tasks:
            signals.task_received.connect(self._ordered, weak=False)
            threading.Thread(target=self._run, name="spare", daemon=True).start()

    def _ordered(self, **signal: Any) -> None:
        self.ordered_at = time.monotonic()

    def _run(self) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            if reason := self.reason():
                logger.warning("spare.works reason=%s", reason)
                self.work()
                time.sleep(PAUSE)

    def reason(self) -> str:
        """Why it is to work; empty where the broker is there and orders come."""
        if not broker.answers():
            return "broker_is_away"
        return "no_order_came" if time.monotonic() - self.ordered_at > NO_ORDER_FOR else ""

    def work(self) -> None:
        """In a process of its own: a thread of one that forks must not hold the work's locks."""
        command = [sys.executable, str(processes.MANAGE), "work", *self.tasks]
        try:
            done = subprocess.run(command, timeout=RUN_WITHIN, stdin=subprocess.DEVNULL, check=False)
        except (subprocess.TimeoutExpired, OSError) as error:
            logger.warning("spare.failed reason=%s", type(error).__name__)
        else:
            if done.returncode:
                logger.warning("spare.failed code=%s", done.returncode)
