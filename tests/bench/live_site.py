"""The whole site as ``manage.py serve`` runs it, with a PostgreSQL, a Redis and a mail server of its own."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from tests.servers import Postgres, Redis
from tests.site import ROOT, Site, free_port, wait_until

SAMPLE = ROOT / "papersite" / "catalogue" / "sample" / "papers.jsonl"
VOTERS = 60
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
# The clock that only counts stays the machine's: the one call that libfaketime then breaks waits otherwise.
SLEEP = "import select, time\ntime.sleep = lambda seconds: select.select([], [], [], max(0, seconds)) and None\n"
PREPARE = """
import json
from datetime import timedelta
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.utils import timezone
from accounts.models import User
from digest.models import Follow, Subscription
from papersite.catalogue.models import Paper
due = timezone.now() - timedelta(minutes=1)
users = User.objects.bulk_create([User(email=f"reader{n}@example.org") for n in range(READERS)], 2000)
made = Subscription.objects.bulk_create([
    Subscription(reader=user, cap=3, confirmed_at=due, send_at=due.time(), next_due_on=due.date(), next_due_at=due)
    for user in users], 2000)
Follow.objects.bulk_create([Follow(subscription=one, kind="trending") for one in made], 5000)
voters = User.objects.bulk_create([User(email=f"voter{n}@example.org", password="!") for n in range(VOTERS)])
EmailAddress.objects.bulk_create(
    [EmailAddress(user=one, email=one.email, verified=True, primary=True) for one in voters])
sessions = {}
for one in voters:
    client = Client()
    client.force_login(one, backend=settings.AUTHENTICATION_BACKENDS[-1])
    sessions[one.email] = client.cookies[settings.SESSION_COOKIE_NAME].value
print(json.dumps({"voters": sessions, "papers": list(Paper.objects.values_list("pk", flat=True)[:100])}))
"""
COUNT = """
import json
from collections import Counter
from accounts.models import MailOrder
from digest.models import Delivery, DeliveryItem, Relay
from papersite.catalogue.models import Vote
rows = Delivery.objects.select_related("subscription__reader")
pairs = Counter(DeliveryItem.objects.values_list("subscription", "paper").iterator())
print(json.dumps({
    "expected": {one.message_id: one.subscription.reader.email for one in rows.iterator()},
    "states": Counter(rows.values_list("state", flat=True)),
    "repeated": sum(count - 1 for count in pairs.values()),
    "votes": list(Vote.objects.values_list("reader__email", "paper")),
    "orders": MailOrder.objects.count(),
    "alarm": list(Relay.objects.exclude(alarm="").values_list("alarm", flat=True)),
}))
"""
OPEN = """
import json
from accounts.models import MailOrder
from digest.models import Delivery
print(json.dumps([Delivery.objects.filter(state__in=Delivery.OPEN).count(), Delivery.objects.count(),
                  MailOrder.objects.count()]))
"""


class LiveSite:
    """Everything ends, and what it was made of goes, with the ``with`` block.

    All ``readers`` have a digest due, unless ``begins``, run as the site's own code, says otherwise. ``has_clock``: its
    processes' clock can be set, where libfaketime is installed.
    """

    def __init__(
        self, *, readers: int, seconds_a_mail: float, begins: str = "", has_clock: bool = False, **environment: str
    ) -> None:
        self.readers = readers
        self.folder = Path(tempfile.mkdtemp(prefix="papersite-live-"))
        self.data = self.folder / "data"
        self.data.mkdir()
        self.is_mounted = self._mount()
        self.port, self.relay_port = free_port(), free_port()
        self.seconds_a_mail = seconds_a_mail
        self.begins = begins
        self.has_clock = has_clock and FAKETIME.exists()
        self.clock = self.folder / "clock"
        self.environment = environment

    def _mount(self) -> bool:
        """A disk of its own, which can be filled; only where this user may."""
        mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "papersite", str(self.data)]
        with suppress(OSError):
            return subprocess.run(mount, capture_output=True, check=False).returncode == 0
        return False

    def __enter__(self) -> "LiveSite":
        self.postgres, self.redis = Postgres(), Redis()
        os.environ["DATABASE_URL"] = self.postgres.url
        try:
            self.site = Site(self.folder, **self._environment())
        finally:
            del os.environ["DATABASE_URL"]
        self.start_relay()
        for command in (("load_topics",), ("import_papers", str(SAMPLE)), ("classify",), ("index",)):
            self.site.manage(*command)
        held = self.site.python(f"READERS, VOTERS = {self.readers}, {VOTERS}\n{PREPARE}")
        self.voters, self.papers = held["voters"], held["papers"]
        self.site.python(self.begins)
        self.serve()
        wait_until(self.is_up, 60, "the site", every=0.1)
        return self

    def _environment(self) -> dict[str, str]:
        url = f"http://localhost:{self.port}"
        many = "1000000/h"
        limits = (
            "MAILS_OVERALL", "MAILS_PER_ADDRESS", "MAILS_PER_ADDRESS_ANYWHERE", "DOORS_PER_NETWORK",
            "SEARCHES_PER_ACCOUNT", "CLICKS_PER_ACCOUNT",
        )  # fmt: skip
        return {
            "DATA_DIR": str(self.data), "DEBUG": "false", "SECRET_KEY": "for-this-run-alone-" + "x" * 40,
            "ALLOWED_HOSTS": "localhost", "SITE_URL": url, "BEHIND_PROXY": "true", "REDIS_URL": self.redis.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.relay_port}", "WEB_WORKERS": "2", "ACCESS_LOG": "false",
            "DIGEST_LEASE_SECONDS": "120", "DIGEST_BATCH": "400", **dict.fromkeys(limits, many), **self.environment,
        }  # fmt: skip

    def start_relay(self) -> None:
        sink = [sys.executable, str(ROOT / "tests/sink.py"), str(self.site.mail_log), "--port", str(self.relay_port)]
        self.relay = self.site._start([*sink, "--pause", str(self.seconds_a_mail)], pipe=True)
        assert self.relay.stdout is not None
        self.relay.stdout.readline()

    def serve(self) -> None:
        """Also after it was killed, as systemd would."""
        more = {}
        if self.has_clock:
            self.set_clock(0)
            (self.folder / "sitecustomize.py").write_text(SLEEP)
            more = {
                "LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(self.clock), "FAKETIME_CACHE_DURATION": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1", "PYTHONPATH": f"{ROOT}:{self.folder}",
            }  # fmt: skip
        command = [
            sys.executable,
            "manage.py",
            "serve",
            "--port",
            str(self.port),
            "--log",
            str(self.folder / "serve.log"),
        ]
        with (self.folder / "processes.log").open("ab") as log:
            self.server = subprocess.Popen(
                command, cwd=ROOT, env=self.site.environment | more, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def set_clock(self, seconds: int) -> None:
        """By how much the clock of the site's processes is ahead; the servers keep the machine's."""
        self.clock.write_text(f"{seconds:+d}\n")

    def is_up(self) -> bool:
        assert self.server.poll() is None, (self.folder / "serve.log").read_text()[-2000:]
        try:
            return httpx.get(f"http://localhost:{self.port}/health/ready/", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def processes(self) -> dict[str, list[int]]:
        """Those of the table that are up, each with its children."""
        found = {}
        for pid in children_of(self.server.pid):
            words = _command(pid)
            name = next((name for name, mark in MARKS.items() if mark in words), "")
            if name:
                found[name] = [pid, *children_of(pid)]
        return found

    def last_mail(self) -> float:
        """When the mail server took the last one."""
        return self.site.mail_log.stat().st_mtime

    def wait_until_done(self, seconds: float) -> None:
        """Until nobody waits for a mail any more."""
        deadline = time.monotonic() + seconds
        while True:
            is_open, count, orders = self.site.python(OPEN)
            if count >= self.readers and not is_open and not orders:
                return
            assert time.monotonic() < deadline, (is_open, count, orders, self.site.states())
            time.sleep(0.5)

    def verdict(self, votes: set[tuple[str, int]], subscribed: set[str]) -> dict[str, Any]:
        found = self.site.python(COUNT)
        expected: dict[str, str] = found["expected"]
        mails = self.site.mails()
        of_digests = [mail for mail in mails if mail["id"] in expected or mail["to"].startswith("reader")]
        sent = Counter(mail["id"] for mail in of_digests)
        others = {mail["to"] for mail in mails}
        held = {(reader, paper) for reader, paper in found["votes"]}
        if found["alarm"]:
            print(f"ALARM: {found['alarm']}", flush=True)
        return {
            "mails": len(of_digests),
            "lost": sum(one not in sent for one in expected) + (self.readers - len(expected)),
            "duplicates": sum(count - 1 for count in sent.values()),
            "wrong": sum(expected.get(mail["id"]) != mail["to"] for mail in of_digests) + len(found["alarm"]),
            "repeated": found["repeated"],
            "lost_votes": len(votes - held),
            "lost_subscribers": len(subscribed - others),
        }

    def __exit__(self, *error: object) -> None:
        for name in ("postgres", "redis"):
            getattr(self, name).resume()
        if self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            try:
                self.server.wait(45)
            except subprocess.TimeoutExpired:
                self.server.kill()
        with suppress(Exception):
            self.site.database = ""
            self.site.close()
        self.redis.stop()
        self.postgres.stop()
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", str(self.data)], check=False)
        if kept := os.environ.get("KEEP_LOG"):
            shutil.copy(self.folder / "serve.log", kept)
        shutil.rmtree(self.folder, ignore_errors=True)


MARKS = {
    "web": " granian ", "doors": "--queues doors", "mail": "--queues mail", "harvest": "--queues harvest,",
    "beat": " beat ", "index": "index --follow",
}  # fmt: skip


def children_of(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(one) for one in task.read_text().split()]
    return found


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def end_in_good_order(number: int, frame: object) -> None:
    """On SIGTERM: what was started must not stay behind."""
    raise SystemExit(1)


def print_json(found: dict[str, Any]) -> None:
    print(json.dumps(found), flush=True)


def chance_of(seed: int | None) -> random.Random:
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    print(f"seed {seed}", flush=True)
    return random.Random(seed)
