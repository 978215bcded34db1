"""When tasks are ordered."""

import logging
from typing import Any

from celery.beat import PersistentScheduler

logger = logging.getLogger(__name__)


class Scheduler(PersistentScheduler):
    """Celery's own, but a clock that was set back stops nothing.

    Celery would wait until the clock has come again to where it was, be that a day or a year.
    """

    def tick(self, *args: Any, **options: Any) -> float:
        """Orders what is due; in how many seconds to look again."""
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at > entry.default_now()]
        for entry in ahead:
            logger.warning("beat.clock_was_set_back task=%s from=%s", entry.task, entry.last_run_at.isoformat())
            entry.last_run_at = entry.default_now()
        if ahead:
            # What waits is sorted by moments of the earlier clock.
            self._heap = None
        return float(super().tick(*args, **options))
