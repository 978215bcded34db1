"""PostgreSQL and Redis of our own, to pause, to restart and to take away."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.site import free_port, wait_until


class Missing(Exception):
    """What is to be started is not installed."""


class Server(ABC):
    """Processes that can be paused: they then take every question, and answer none."""

    @abstractmethod
    def pids(self) -> list[int]: ...

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        for pid in self.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, number)


class Redis(Server):
    """Keeps nothing: what is started again is empty. Raises Missing."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.address = address
        self.binary = shutil.which("redis-server") or ""
        if not self.binary:
            raise Missing("redis-server")
        self.port = free_port()
        self.url = f"redis://{address}:{self.port}/0"
        self.start()

    def start(self) -> None:
        command = [self.binary, "--port", str(self.port), "--bind", self.address, "--save", ""]
        command += ["--appendonly", "no", "--protected-mode", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd="/")
        wait_until(self.answers, 10, "Redis")

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((self.address, self.port)) == 0

    def pids(self) -> list[int]:
        return [self.process.pid]

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


class Postgres(Server):
    """In a folder that goes with it. Raises Missing."""

    def __init__(self, *settings: str, address: str = "127.0.0.1") -> None:
        binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
        if not binaries:
            raise Missing("PostgreSQL")
        self.pg_ctl = binaries[-1]
        self.port = free_port()
        # It will not run as root, nor read what only root may.
        self.owner = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="papersite-postgres-"))
        if self.owner:
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)
        self.run("initdb", "--options=--auth=trust --username=postgres --no-sync")
        more = "".join(f" -c {one}" for one in settings)
        self.options = f"--port={self.port} --listen-addresses={address} --unix_socket_directories={more}"
        if address != "127.0.0.1":
            with (self.folder / "pg_hba.conf").open("a") as rules:
                rules.write("host all all samenet trust\n")
        self.start()
        self.url = f"postgres://postgres@{address}:{self.port}/postgres"

    def run(self, *arguments: str) -> None:
        command = [str(self.pg_ctl), *arguments[:1], f"--pgdata={self.folder}", *arguments[1:]]
        user: dict[str, Any] = {"user": self.owner.pw_uid, "group": self.owner.pw_gid} if self.owner else {}
        done = subprocess.run(command, capture_output=True, cwd="/", timeout=60, check=False, text=True, **user)
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        self.run("start", "--wait", f"--options={self.options}", "--log=/dev/null")

    def restart(self) -> None:
        self.run("restart", "--wait", "--mode=fast", f"--options={self.options}", "--log=/dev/null")

    def take_away(self) -> None:
        """Nobody listens there any more; all that was committed is on the disk."""
        self.run("stop", "--wait", "--mode=fast")

    def pids(self) -> list[int]:
        """The first process and its children."""
        try:
            first = int((self.folder / "postmaster.pid").read_text().split()[0])
            children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        except FileNotFoundError:
            return []
        return [first, *map(int, children)]

    def stop(self) -> None:
        with suppress(AssertionError):
            self.run("stop", "--mode=immediate")
        shutil.rmtree(self.folder, ignore_errors=True)
