"""A whole site in processes of its own: a folder, a database, a mail server, workers that can be killed."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests import migrated
from tests.desk import Command, Desk

ROOT = Path(__file__).resolve().parent.parent
# A machine that others share may be a third as quick as the one on which the waits were chosen.
PATIENCE = 3

PREPARE = """
import datetime
from django.utils import timezone
from accounts.models import User
from digest.planning import planner
from digest.readers import registration
from papersite.catalogue import ingest
from papersite.catalogue.sources.records import SourcePaper

now = timezone.now()
ingest.run(
    [SourcePaper(place=str(n), title=f"Paper about subject number {n}", abstract="An abstract.") for n in range(20)],
    source="test",
)
opened = []
for address in ADDRESSES:
    subscription = registration.open_subscription(User.objects.create_user(address), now=now)
    registration.confirm(subscription, now=now)
    opened.append(subscription)
planner.open_today(opened, now)
"""


type Process = subprocess.Popen[Any] | Command


class Site:
    """Started and asked from outside, as an operator would. Everything ends with ``close``."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.root = ROOT
        self.processes: list[Process] = []
        self.desks: list[Desk] = []
        self.mail_log = folder / "mail.log"
        self.mail_log.touch()
        self.database = ""
        self.environment = os.environ | {
            "DATA_DIR": str(folder / "data"),
            "DJANGO_SETTINGS_MODULE": "papersite.settings",
            "ENV_FILE": "",
            "DIGEST_LEASE_SECONDS": "4",
            "DIGEST_BATCH": "25",
            "DIGEST_JITTER_MINUTES": "0",
            "MAIL_FROM": "Papersite <digest@papers.example.org>",
        }
        if redis_url := self.environment.pop("REDIS_URL", ""):
            self.environment["REDIS_URL"] = self._empty_redis(redis_url)
        if server := os.environ.get("DATABASE_URL"):
            self._create_database(server)
        else:
            shutil.copytree(migrated.folder(), folder / "data")
        self.environment |= environment

    def _empty_redis(self, server: str) -> str:
        """A database of Redis that no other test process uses, without what an earlier site left in it."""
        import redis

        process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
        url = f"{server.rpartition('/')[0]}/{1 + process}"
        with redis.Redis.from_url(url) as connection:
            connection.flushdb()
        return url

    def _create_database(self, server: str) -> None:
        """A database beside the one of the tests, which runs in a transaction that others cannot see."""
        self.server = server
        self.database = f"site_{uuid4().hex[:12]}"
        migrated.create_database(server, self.database)
        self.environment["DATABASE_URL"] = f"{server.rpartition('/')[0]}/{self.database}"

    @property
    def desk(self) -> Desk:
        """A process with the site's environment as it is now."""
        if not self.desks or self.desks[-1].environment != self.environment:
            self.desks.append(Desk(self.environment, self.folder / "processes.log", self.root))
        return self.desks[-1]

    def manage(self, *arguments: str) -> str:
        output = self.folder / f"{uuid4().hex}.out"
        code = self.desk.start(arguments, output).wait(120)
        printed = output.read_text()
        assert code == 0, printed
        return printed

    def python(self, code: str) -> Any:
        """Runs code in a process of the site; what it printed last, read as JSON."""
        return self.desk.python(code)

    def start_sink(self, seconds_a_mail: float = 0.0) -> None:
        sink = self._start(
            [sys.executable, str(ROOT / "tests/sink.py"), str(self.mail_log), "--pause", str(seconds_a_mail)],
            pipe=True,
        )
        assert sink.stdout is not None
        self.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{int(sink.stdout.readline())}"

    def add_readers(self, addresses: list[str]) -> None:
        """Confirmed readers of trending overall, each with a delivery due now."""
        self.python(f"ADDRESSES = {addresses!r}\n{PREPARE}")

    def start_worker(self, *, processes: int = 2) -> subprocess.Popen[Any]:
        return self._start(
            [
                *(sys.executable, "-m", "celery", "--app", "papersite", "worker", "--concurrency", str(processes)),
                *("--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
            ]
        )

    def start(self, *arguments: str) -> Command:
        """A command of manage.py, not waited for."""
        process = self.desk.start(arguments, self.folder / "processes.log")
        self.processes.append(process)
        return process

    def order(self, task: str) -> None:
        self.python(f"from digest import tasks; tasks.{task}.apply_async(expires=30)")

    def mails(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.mail_log.read_text().splitlines()]

    def states(self) -> dict[str, int]:
        """How many deliveries are in each state."""
        return dict(
            self.python(
                "import json\nfrom digest.models import Delivery\nfrom collections import Counter\n"
                "print(json.dumps(Counter(Delivery.objects.values_list('state', flat=True))))"
            )
        )

    def kill(self, process: Process) -> None:
        """As if the power went: the process and all its children, at once."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        self.close_processes()
        if self.database:
            migrated.drop_database(self.server, self.database)

    def close_processes(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                self.kill(process)
            if process.stdout is not None:
                process.stdout.close()
        for desk in self.desks:
            desk.close()

    def _start(self, command: list[str], *, pipe: bool = False) -> subprocess.Popen[Any]:
        log = (self.folder / "processes.log").open("ab")
        out = subprocess.PIPE if pipe else log
        process = subprocess.Popen(
            command, cwd=self.root, env=self.environment, stdout=out, stderr=log, stdin=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        log.close()
        self.processes.append(process)
        return process


def free_port() -> int:
    """One that the system picks: test processes that all looked for the first free one would share it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(is_true: Callable[[], bool], seconds: float, what: str, *, every: float = 0.05) -> None:
    """Asks again and again; whoever orders work by asking asks less often, or the orders are all the work there is."""
    deadline = time.monotonic() + PATIENCE * seconds
    while not is_true():
        assert time.monotonic() < deadline, f"waited {PATIENCE * seconds} s in vain: {what}"
        time.sleep(every)
