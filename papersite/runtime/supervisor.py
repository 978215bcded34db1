"""The site's processes on a single machine: children of one command, which starts again what has ended."""

import fcntl
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Any
from uuid import uuid4

from django.conf import settings

from papersite.runtime import lifeline, processes

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.2
# In seconds. What ends again and again is started ever later: it rests, and the others go on.
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 60.0
# Who lived so long had started well, and begins with the first pause again.
WELL_AFTER = 30.0
# What an earlier run left behind was asked to stop when its parent died; then it lets go of the port.
ORPHANS_STOP_WITHIN = 5.0
LETS_GO_WITHIN = 5.0
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LIFELINE = [sys.executable, "-I", "-S", str(Path(lifeline.__file__))]


class Stopped(Exception):
    """Somebody asked the command to stop."""


class AlreadyRunning(Exception):
    """Another command has started this site's processes, and lives."""


@dataclass(slots=True)
class Life:
    """How a child fared so far."""

    started_at: float = 0.0
    failures: int = 0
    start_again_at: float | None = None

    def pause(self, now: float) -> float:
        """Another end: in how many seconds the next beginning is."""
        self.failures = 0 if now - self.started_at > WELL_AFTER else self.failures
        pause = min(FIRST_PAUSE * 2.0**self.failures, LONGEST_PAUSE)
        self.failures += 1
        self.start_again_at = now + pause
        return pause


@dataclass(slots=True)
class Group:
    """What a child left behind that ended by itself: its own children, at their last task."""

    leader: int
    until: float
    left: list[int] = field(default_factory=list)


class Processes:
    """Children that live as long as the ``with`` block, each in a group of its own.

    Ctrl-C, SIGTERM and a closed terminal raise ``Stopped`` in the block; whatever ends it, all children end,
    and where this process is killed its guard ends them. Raises AlreadyRunning.
    """

    def __init__(
        self, *, port: int, site_url: str, beat_schedule: str, logs: Path | None = None, bind: str = "127.0.0.1"
    ) -> None:
        self.port = port
        self.bind = bind
        self.beat_schedule = beat_schedule
        self.logs = logs
        self.mark = f"{settings.DATA_DIR}:{uuid4().hex}"
        self.environment = os.environ | {"SITE_URL": site_url, lifeline.VARIABLE: self.mark}
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.lives: dict[str, Life] = {}
        self._groups: list[Group] = []
        self._orphans = 0
        self._guard: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Processes":
        self._lock = _lock(settings.DATA_DIR / "serve.lock")
        self._orphans = lifeline.end(lambda: lifeline.marked(f"{settings.DATA_DIR}:"), ORPHANS_STOP_WITHIN)
        if self._orphans:
            logger.warning("processes.orphans_ended count=%s", self._orphans)
        self._before = [(number, signal.signal(number, _stop)) for number in STOPPING]
        self._keep_guard()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A second Ctrl-C, or the same one passed on by a parent, must not leave children behind.
        for number, _ in self._before:
            signal.signal(number, signal.SIG_IGN)
        self._end_children()
        lifeline.end(lambda: lifeline.marked(self.mark), 0.0)
        if self._guard is not None:
            self._guard.kill()
            self._guard.wait()
        self._lock.close()
        for number, handler in self._before:
            signal.signal(number, handler)

    def gets_port(self) -> bool:
        """Whether nobody listens there. The system closes an orphan's sockets a moment after it is seen no more."""
        until = time.monotonic() + (LETS_GO_WITHIN if self._orphans else 0.0)
        while not (is_ours := is_free(self.port, self.bind)) and time.monotonic() < until:
            time.sleep(0.05)
        return is_ours

    def _end_children(self) -> None:
        """Each has its own time from now on, which all take at once."""
        for child in self.children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        asked_at = time.monotonic()
        for name, child in self.children.items():
            try:
                child.wait(max(0.1, asked_at + stop_within(name) - time.monotonic()))
            except subprocess.TimeoutExpired:
                logger.warning("process.killed name=%s", name)
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                # Only the system itself can keep a killed process, such as one that waits for a dead disk.
                with suppress(subprocess.TimeoutExpired):
                    child.wait(lifeline.GIVES_UP)

    def start(self, names: Iterable[str]) -> None:
        for name in names:
            arguments = processes.command(name, port=self.port, bind=self.bind, beat_schedule=self.beat_schedule)
            with self._log(name) as log:
                self.children[name] = subprocess.Popen(
                    [*LIFELINE, "launch", str(os.getpid()), *arguments],
                    env=self.environment,
                    cwd=processes.MANAGE.parent,
                    stdout=log,
                    stderr=log,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            life = self.lives.setdefault(name, Life())
            life.started_at, life.start_again_at = time.monotonic(), None

    def _log(self, name: str) -> AbstractContextManager[IO[bytes] | None]:
        """Where a child writes: its own file, or this command's own output."""
        if self.logs is None:
            return nullcontext()
        self.logs.mkdir(parents=True, exist_ok=True)
        return (self.logs / f"{name}.log").open("ab")

    def ended(self) -> str:
        """The name of a child that is no longer running, or ""."""
        return next((name for name, child in self.children.items() if child.poll() is not None), "")

    def supervise(self, is_enough: Callable[[], bool] = lambda: False) -> None:
        """Starts again what ends, until it is enough or somebody stops it."""
        while not is_enough():
            self.look()
            time.sleep(LOOK_EVERY)

    def look(self) -> None:
        """One look at all children: notes who has ended, and starts whose pause is over."""
        now = time.monotonic()
        for name, child in list(self.children.items()):
            if child.poll() is None:
                continue
            life = self.lives[name]
            if life.start_again_at is None:
                lived = now - life.started_at
                again_in = life.pause(now)
                self._groups.append(Group(child.pid, now + (0 if name == "web" else stop_within(name))))
                logger.warning(
                    "process.ended name=%s code=%s lived=%.1f again_in=%.1f", name, child.returncode, lived, again_in
                )
            elif now >= life.start_again_at:
                logger.warning("process.started_again name=%s", name)
                self.start([name])
        self._groups = [group for group in self._groups if self._is_left(group, now)]
        self._keep_guard()

    def figures(self) -> dict[str, Any]:
        """For the heartbeat: how often in a row each has failed that is not up."""
        return {"failures": {name: one.failures for name, one in self.lives.items() if one.start_again_at is not None}}

    def _is_left(self, group: Group, now: float) -> bool:
        """A worker's children end after their task; the web server's keep its port, and go at once."""
        group.left = [pid for pid in lifeline.marked(self.mark) if _group_of(pid) == group.leader]
        if now >= group.until:
            for pid in group.left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        return bool(group.left)

    def _keep_guard(self) -> None:
        if self._guard is not None and self._guard.poll() is None:
            return
        self._guard = subprocess.Popen(
            [*LIFELINE, "guard", str(os.getpid()), self.mark, str(processes.STOP_WITHIN)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def stop_within(name: str) -> float:
    return processes.process(name).stop_within


def _lock(path: Path) -> IO[str]:
    """Held as long as this process lives; its children do not inherit it."""
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read().strip()
        file.close()
        raise AlreadyRunning(f"Process {holder or '?'} serves {path.parent} already.") from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def is_free(port: int, bind: str = "127.0.0.1") -> bool:
    """Whether nobody listens there."""
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError:
            return False
    return True


def free_port(wanted: int) -> int:
    """The port that was asked for, or the next that nobody listens on."""
    for port in range(wanted, wanted + 100):
        if is_free(port):
            return port
    raise OSError(f"No port from {wanted} to {wanted + 99} is free.")


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0
