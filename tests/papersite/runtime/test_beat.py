"""Beat orders its tasks, wherever the clock goes."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from celery import Celery
from celery.schedules import crontab
from django.conf import settings
from django.utils.module_loading import import_string

from papersite.runtime.beat import Scheduler, schedule

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SCHEDULE = {
    "minutely": {"task": "minutely", "schedule": 60.0},
    "hourly": {"task": "hourly", "schedule": crontab(minute="47")},
}


class Noting(Scheduler):
    """Notes what it would order."""

    ordered: list[str]

    def apply_async(self, entry: Any, *args: Any, **options: Any) -> Any:
        self.ordered.append(entry.name)


class Beat:
    """A scheduler with its own file, of which ``until`` tells what it ordered up to a moment."""

    def __init__(self, path: Path) -> None:
        app = Celery("beat", set_as_current=False, broker="memory://")
        app.conf.update(beat_schedule=SCHEDULE, timezone="UTC", beat_cron_starting_deadline=None)
        self.ordered: list[str] = []
        self.scheduler = Noting(app=app, schedule_filename=str(path / "schedule"))
        self.scheduler.ordered = self.ordered

    def until(self, traveller: time_machine.Traveller, moment: datetime) -> list[str]:
        self.ordered.clear()
        while (now := datetime.now(UTC)) < moment:
            pause = self.scheduler.tick()
            # Looking takes a moment as well, without which it would look for ever.
            traveller.move_to(min(now + timedelta(seconds=max(pause, 0.05)), moment))
        return self.ordered


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1), timedelta(days=400)], ids=str)
def test_a_clock_that_was_set_back_delays_a_task_by_its_own_pause_at_most(tmp_path: Path, back: timedelta) -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        beat = Beat(tmp_path)
        assert beat.until(traveller, NOON + timedelta(minutes=50)).count("hourly") == 1
        earlier = NOON + timedelta(minutes=50) - back
        traveller.move_to(earlier)
        ordered = beat.until(traveller, earlier + timedelta(hours=1))

    assert ordered.count("hourly") == 1
    assert 58 <= ordered.count("minutely") <= 60


def test_a_schedule_kept_while_the_clock_was_ahead_holds_up_no_beat_that_starts(tmp_path: Path) -> None:
    with time_machine.travel(NOON + timedelta(days=30), tick=False) as traveller:
        beat = Beat(tmp_path)
        beat.until(traveller, NOON + timedelta(days=30, hours=1))
        beat.scheduler.close()
    with time_machine.travel(NOON, tick=False) as traveller:
        ordered = Beat(tmp_path).until(traveller, NOON + timedelta(hours=1))

    assert (ordered.count("hourly"), ordered.count("minutely")) == (1, 59)


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process can grow."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_stops_neither_a_beat_that_starts_nor_one_that_runs(tmp_path: Path) -> None:
    folder = tmp_path / "starting"
    folder.mkdir()
    with time_machine.travel(NOON, tick=False) as traveller:
        running = Beat(tmp_path)
        running.until(traveller, NOON + timedelta(minutes=5))
        with full_disk():
            running.scheduler.sync()
            starting = Beat(tmp_path / "nowhere")
            ordered = starting.until(traveller, NOON + timedelta(minutes=10))
            starting.scheduler.close()

        assert ordered.count("minutely") >= 4
        assert running.until(traveller, NOON + timedelta(minutes=20)).count("minutely") == 10
        running.scheduler.close()
    with time_machine.travel(NOON + timedelta(minutes=21), tick=False):
        # What was ordered once there was room again was kept.
        kept = Beat(tmp_path).scheduler.schedule["minutely"].last_run_at
    assert kept is not None
    assert kept > NOON + timedelta(minutes=18)


def test_the_site_uses_it() -> None:
    assert import_string(settings.CELERY_BEAT_SCHEDULER.replace(":", ".")) is Scheduler


def test_beat_orders_the_sources_that_are_named_and_no_others() -> None:
    assert not any(name.startswith("harvest") for name in schedule([]))
    assert set(schedule(["arxiv", "nowhere"])) - set(schedule([])) == {"harvest arxiv", "harvest arxiv-papers"}
    assert all(entry["options"]["expires"] for entry in schedule(["arxiv", "github", "huggingface"]).values())
