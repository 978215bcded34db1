"""Calls a worker without waiting for the broker.

A web thread that publishes by itself waits as long as a silent broker keeps it. Here a thread beside it
publishes, once for all who rang meanwhile; whatever is lost beat orders again within a minute.
"""

import logging
import os
import threading
import time

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

# In seconds: rings within it are one order.
PAUSE = 0.1
# A task that waited so long was ordered anew by beat.
EXPIRES = 55


class Bell:
    """For one task without arguments, which looks into the database for what there is to do."""

    def __init__(self, task: str) -> None:
        self._task = task
        self._rung = threading.Event()
        self._lock = threading.Lock()
        self._process = 0

    def ring(self) -> None:
        """Once what was written is committed. Where tasks run at once, they do here."""
        if current_app.conf.task_always_eager:
            current_app.tasks[self._task].apply()
        else:
            transaction.on_commit(self._call)

    def _call(self) -> None:
        with self._lock:
            # A forked process has the flag of its parent, and none of its threads.
            if self._process != os.getpid():
                self._process = os.getpid()
                threading.Thread(target=self._publish, name=f"bell {self._task}", daemon=True).start()
        self._rung.set()

    def _publish(self) -> None:
        while True:
            self._rung.wait()
            self._rung.clear()
            try:
                current_app.tasks[self._task].apply_async(expires=EXPIRES, retry=False)
            except (OperationalError, OSError):
                logger.warning("bell.broker_is_away task=%s", self._task)
            time.sleep(PAUSE)
