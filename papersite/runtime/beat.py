"""When tasks are ordered."""

import dbm
import logging
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
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
    "tidy the catalogue": {"task": "catalogue.tidy", "schedule": crontab(minute="11"), **EXPIRING},
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


def schedule(sources: Iterable[str], queues: Iterable[str] = (), *, learns: bool = False) -> dict[str, dict[str, Any]]:
    """What beat orders where these live sources are read; names that are none are passed over.

    Each of the queues gets an order every minute that shows whether its workers are there. ``learns``: promise too.
    """
    runs = [run for source in sources for run in HARVESTS.get(source, [])]
    harvests = {
        f"harvest {name}": {"task": "catalogue.harvest", "args": [name], "schedule": times, **EXPIRING}
        for name, times in runs
    }
    probes: dict[str, dict[str, Any]] = {
        f"probe {queue}": {
            "task": "papersite.probe", "args": [queue], "schedule": 60.0, "options": {"queue": queue, "expires": 55}
        }
        for queue in queues
    }  # fmt: skip
    return ALWAYS | harvests | probes | (LEARNS if learns else {})


def next_orders(sources: Iterable[str], now: datetime) -> dict[str, datetime]:
    """When each of these live sources is read next, by what beat orders."""
    found = {}
    for name, times in [run for source in sources for run in HARVESTS.get(source, [])]:
        begins, ahead, _ = times.remaining_delta(now)
        found[name] = begins + ahead
    return found


class Unkept(dict[str, Any]):
    """What beat knows, where no file can be written: after its next start it begins anew."""

    def sync(self) -> None:
        pass

    def close(self) -> None:
        pass


class Scheduler(PersistentScheduler):
    """Celery's own, but neither a clock that was set back stops it nor a disk that is full.

    Celery would wait until the clock has come again to where it was, be that a day or a year. Its file only says
    what was ordered last: without it, what is due once a day is ordered at its next time.
    """

    ticked_at = 0.0

    def setup_schedule(self) -> None:
        try:
            super().setup_schedule()
        except dbm.error as error:
            logger.warning("beat.schedule_not_kept reason=%r", str(error))
            self._store = Unkept(entries={})
            self.merge_inplace(self.app.conf.beat_schedule)
            self.install_default_entries(self.schedule)

    def sync(self) -> None:
        try:
            super().sync()
        except dbm.error as error:
            logger.warning("beat.schedule_not_kept reason=%r", str(error))
            # The shelf turns it off while it writes, and would write nothing ever after.
            if not isinstance(self._store, Unkept):
                self._store.writeback = True

    def close(self) -> None:
        try:
            super().close()
        except dbm.error as error:
            logger.warning("beat.schedule_not_kept reason=%r", str(error))

    def order_at_once(self) -> None:
        """What is due every so many seconds is due now: how long it was that nobody ordered is not known."""
        for entry in self.schedule.values():
            every = getattr(entry.schedule, "run_every", None)
            if isinstance(every, timedelta):
                entry.last_run_at = entry.default_now() - every
        self._heap = None

    def tick(self, *args: Any, **options: Any) -> float:
        """Orders what is due; in how many seconds to look again."""
        self.ticked_at = time.monotonic()
        entries = self.schedule.values()
        ahead = [one for one in entries if one.last_run_at and one.last_run_at > one.default_now()]
        for entry in ahead:
            logger.warning("beat.clock_was_set_back task=%s from=%s", entry.task, entry.last_run_at)
            entry.last_run_at = entry.default_now()
        if ahead:
            # What waits is sorted by moments of the earlier clock.
            self._heap = None
        return float(super().tick(*args, **options))
