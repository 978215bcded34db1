"""The site's processes on a single machine: web, workers and beat as children of one command."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO

from django.conf import settings

STOP_WITHIN = 15.0
MANAGE = Path(__file__).resolve().parent.parent / "manage.py"


NAMES = ("web", "doors", "worker", "harvester", "beat", "index")
# In milliseconds: who has not said by then what they want is let go.
HEADERS_WITHIN = 10_000


def command(name: str, *, port: int, beat_schedule: str) -> list[str]:
    """How each process is started.

    Granian keeps slow readers and writers away from the threads, which only see whole requests.
    """
    celery = [sys.executable, "-m", "celery", "--app", "papersite"]
    quiet = ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    commands = {
        "web": [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "papersite.wsgi:application"),
            *("--host", "127.0.0.1", "--port", str(port), "--no-ws"),
            *("--workers", str(settings.WEB_WORKERS), "--blocking-threads", str(settings.WEB_THREADS)),
            *("--http1-header-read-timeout", str(HEADERS_WITHIN)),
            # Else one worker that dies takes the others with it.
            "--respawn-failed-workers",
        ],
        # Apart, so that a code waits for no digest; one process that runs its tasks itself.
        "doors": [*celery, "worker", "--queues", "doors", "--hostname", "doors@%h", "--pool", "solo", *quiet],
        "worker": [*celery, "worker", "--queues", "mail", "--hostname", "mail@%h", "--concurrency", "2", *quiet],
        "harvester": [
            *celery,
            *("worker", "--queues", "harvest,housekeeping", "--hostname", "harvest@%h", "--concurrency", "1", *quiet),
        ],
        "index": [sys.executable, str(MANAGE), "index", "--follow"],
        "beat": [*celery, "beat", "--schedule", beat_schedule, "--pidfile=", "--loglevel", "INFO"],
    }
    return commands[name]


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
