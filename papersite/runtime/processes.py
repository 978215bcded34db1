"""The one table of the site's processes, whoever starts them."""

import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from django.conf import settings

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
# In milliseconds: who has not said by then what they want is let go.
HEADERS_WITHIN = 10_000


class Runs(Enum):
    """On how many hosts a process may run."""

    WITH_WEB = "once on each host that serves pages"
    ANYWHERE = "once or more, on any host"
    ONCE = "once for the whole site"


@dataclass(frozen=True, slots=True)
class Process:
    """A line of the one table that ``serve``, and whatever else starts the site, is made from."""

    name: str
    does: str
    """For a person, after the site's name."""
    runs: Runs
    stop_within: int
    """In seconds after SIGTERM; then SIGKILL, which costs nothing but the mail that was being sent."""
    queues: tuple[str, ...] = ()


TABLE = (
    Process("web", "web server", Runs.WITH_WEB, stop_within=15),
    # Apart, so that a code waits for no digest.
    Process("doors", "worker for sign-up and codes", Runs.ANYWHERE, stop_within=25, queues=("doors",)),
    Process("mail", "worker for digests", Runs.ANYWHERE, stop_within=30, queues=("mail",)),
    # A harvest that is ended goes on from its cursor.
    Process("harvest", "worker for sources and upkeep", Runs.ANYWHERE, 15, queues=("harvest", "housekeeping")),
    Process("beat", "clock that orders tasks", Runs.ONCE, stop_within=10),
    Process("index", "writer of the search index", Runs.WITH_WEB, stop_within=20),
)
NAMES = tuple(one.name for one in TABLE)
STOP_WITHIN = max(one.stop_within for one in TABLE)
"""The longest of all, in which the whole site stops."""


def process(name: str) -> Process:
    return next(one for one in TABLE if one.name == name)


def command(
    name: str,
    *,
    port: int = 8000,
    bind: str = "127.0.0.1",
    beat_schedule: str = "",
    python: str = sys.executable,
    manage: str = str(MANAGE),
) -> list[str]:
    """How a process of the table is started, in the project's folder; ``beat_schedule`` is beat's file."""
    one = process(name)
    celery = [python, "-m", "celery", "--quiet", "--app", "papersite"]
    if one.queues:
        return [*celery, *_worker(one)]
    others = {
        "web": [python, "-m", "granian", *_web(one, bind, port)],
        "index": [python, manage, "index", "--follow"],
        "beat": [*celery, "beat", "--schedule", beat_schedule, "--pidfile=", "--loglevel", "INFO"],
    }
    return others[name]


def _worker(one: Process) -> list[str]:
    # One process that runs its tasks itself starts sooner, and takes less.
    at_once = settings.RELAY_SESSIONS if one.name == "mail" else 1
    how = ("--pool", "solo") if one.name == "doors" else ("--concurrency", str(at_once))
    quiet = ("--loglevel", "INFO", "--without-gossip", "--without-mingle")
    return ["worker", "--queues", ",".join(one.queues), "--hostname", f"{one.name}@%h", *how, *quiet]


def _web(one: Process, bind: str, port: int) -> list[str]:
    """Granian keeps slow readers and writers away from the threads, which only see whole requests."""
    return [
        *("--interface", "wsgi", "papersite.wsgi:application", "--host", bind, "--port", str(port), "--no-ws"),
        *("--workers", str(settings.WEB_WORKERS), "--blocking-threads", str(settings.WEB_THREADS)),
        *("--http1-header-read-timeout", str(HEADERS_WITHIN)),
        *("--log-config", str(MANAGE.parent / "papersite" / "granian.json")),
        # Else one worker that dies takes the others with it.
        *("--respawn-failed-workers", "--respawn-interval", "1"),
        *("--workers-kill-timeout", str(one.stop_within - 5)),
    ]
