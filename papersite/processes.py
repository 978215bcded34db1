"""The site's processes: the one table of them, and the children of one command on a single machine."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO

from django.conf import settings

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
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
    concurrency: int = 1
    """Tasks at once; of the web server, threads in each of its WEB_WORKERS."""


TABLE = (
    Process("web", "web server", Runs.WITH_WEB, stop_within=15),
    # Apart, so that a code waits for no digest.
    Process("doors", "worker for sign-up and codes", Runs.ANYWHERE, stop_within=25, queues=("doors",)),
    Process("mail", "worker for digests", Runs.ANYWHERE, stop_within=30, queues=("mail",), concurrency=2),
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
    how = ("--pool", "solo") if one.name == "doors" else ("--concurrency", str(one.concurrency))
    quiet = ("--loglevel", "INFO", "--without-gossip", "--without-mingle")
    return ["worker", "--queues", ",".join(one.queues), "--hostname", f"{one.name}@%h", *how, *quiet]


def _web(one: Process, bind: str, port: int) -> list[str]:
    """Granian keeps slow readers and writers away from the threads, which only see whole requests."""
    return [
        *("--interface", "wsgi", "papersite.wsgi:application", "--host", bind, "--port", str(port), "--no-ws"),
        *("--workers", str(settings.WEB_WORKERS), "--blocking-threads", str(settings.WEB_THREADS)),
        *("--http1-header-read-timeout", str(HEADERS_WITHIN)),
        # Else one worker that dies takes the others with it.
        *("--respawn-failed-workers", "--respawn-interval", "1"),
        *("--workers-kill-timeout", str(one.stop_within - 5)),
    ]


class Stopped(Exception):
    """Somebody asked the command to stop."""


class Processes:
    """Children that live as long as the ``with`` block, each in a group of its own.

    Ctrl-C and SIGTERM raise ``Stopped`` in the block; whatever ends it, all children end.
    """

    def __init__(self, *, port: int, site_url: str, beat_schedule: str, logs: Path | None = None) -> None:
        self.port = port
        self.beat_schedule = beat_schedule
        self.logs = logs
        self.environment = os.environ | {"SITE_URL": site_url}
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Processes":
        self._before = [(number, signal.signal(number, _stop)) for number in (signal.SIGINT, signal.SIGTERM)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A second Ctrl-C, or the same one passed on by a parent, must not leave children behind.
        for number, _ in self._before:
            signal.signal(number, signal.SIG_IGN)
        self._end_children()
        for number, handler in self._before:
            signal.signal(number, handler)

    def _end_children(self) -> None:
        for child in self.children.values():
            _signal(child, signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(child, signal.SIGKILL)
                # Only the system itself can keep a killed process, such as one that waits for a dead disk.
                with suppress(subprocess.TimeoutExpired):
                    child.wait(STOP_WITHIN)

    def start(self, names: Iterable[str]) -> None:
        for name in names:
            arguments = command(name, port=self.port, beat_schedule=self.beat_schedule)
            with self._log(name) as log:
                self.children[name] = subprocess.Popen(
                    arguments,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )

    def _log(self, name: str) -> AbstractContextManager[IO[bytes] | None]:
        """Where a child writes: its own file, or this command's own output."""
        if self.logs is None:
            return nullcontext()
        self.logs.mkdir(parents=True, exist_ok=True)
        return (self.logs / f"{name}.log").open("ab")

    def ended(self) -> str:
        """The name of a child that is no longer running, or ""."""
        return next((name for name, child in self.children.items() if child.poll() is not None), "")

    def watch(self) -> str:
        """Waits until a child ends; its name."""
        while not (name := self.ended()):
            time.sleep(0.5)
        return name


def free_port(wanted: int) -> int:
    """The port that was asked for, or the next that nobody listens on."""
    for port in range(wanted, wanted + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"No port from {wanted} to {wanted + 99} is free.")


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """SIGTERM lets a child end its own children in good order; SIGKILL goes to the whole group."""
    if child.poll() is not None:
        return
    if number == signal.SIGKILL:
        os.killpg(child.pid, number)
    else:
        child.send_signal(number)
