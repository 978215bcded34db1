"""When tasks are ordered."""

import logging
from collections.abc import Iterable
from typing import Any

from celery.beat import PersistentScheduler
from celery.schedules import crontab

logger = logging.getLogger(__name__)


# Messages expire before the next tick: a worker that comes back late finds one order, not a heap.
EXPIRING = {"options": {"expires": 3000}}
ALWAYS: dict[str, dict[str, Any]] = {
    "wake the digest": {"task": "digest.wake", "schedule": 60.0, "options": {"expires": 55}},
    "fulfil orders": {"task": "accounts.fulfil", "schedule": 30.0, "options": {"expires": 25}},
    "fold the ledger": {"task": "digest.fold", "schedule": crontab(minute="41", hour="2"), **EXPIRING},
    "tidy accounts": {"task": "accounts.tidy", "schedule": crontab(minute="23", hour="3"), **EXPIRING},
}
# In UTC. arXiv announces at 00:00 or 01:00 and makes its feeds anew four hours later; a feed that is
# late or was busy is asked again an hour later, and costs nothing once it was read.
HARVESTS = {
    "arxiv": [("arxiv", crontab(minute="37", hour="4-12")), ("arxiv-papers", crontab(minute="7", hour="7,19"))],
    "huggingface": [("huggingface", crontab(minute="17"))],
    "github": [("github", crontab(minute="47"))],
}


# Before Monday's papers, by what the week before said.
LEARNS = {
    "learn promise": {
        "task": "catalogue.learn_promise",
        "schedule": crontab(minute="29", hour="3", day_of_week="sun"),
        **EXPIRING,
    }
}


def schedule(sources: Iterable[str], *, learns: bool = False) -> dict[str, dict[str, Any]]:
    """What beat orders where these live sources are read; ``learns``: promise too. Names of none are passed over."""
    runs = [run for source in sources for run in HARVESTS.get(source, [])]
    harvests = {
        f"harvest {name}": {"task": "catalogue.harvest", "args": [name], "schedule": times, **EXPIRING}
        for name, times in runs
    }
    return ALWAYS | harvests | (LEARNS if learns else {})


class Scheduler(PersistentScheduler):
    """Celery's own, but a clock that was set back stops nothing.

    Celery would wait until the clock has come again to where it was, be that a day or a year.
    """

    def tick(self, *args: Any, **options: Any) -> float:
        """Orders what is due; in how many seconds to look again."""
        entries = self.schedule.values()
        ahead = [one for one in entries if one.last_run_at and one.last_run_at > one.default_now()]
        for entry in ahead:
            logger.warning("beat.clock_was_set_back task=%s from=%s", entry.task, entry.last_run_at)
            entry.last_run_at = entry.default_now()
        if ahead:
            # What waits is sorted by moments of the earlier clock.
            self._heap = None
        return float(super().tick(*args, **options))
