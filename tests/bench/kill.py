"""Kills the site's processes at random moments while it sends, and counts what readers got.

    uv run --all-groups python tests/bench/kill.py [--small] [--seed N] [--database sqlite|postgres]

Workers, two beats and two planners run against a mail server in a process of its own that writes down every
mail before it accepts it. A pool child, a whole worker, beat or the planner is killed with SIGKILL,
at random, and started again. In the end: ``lost`` are digests no reader got, ``duplicates`` mails
that came twice, ``wrong`` mails to an address that they were not for or under another id than their
delivery's, ``repeated`` papers that a reader was sent twice. The last line is JSON.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.site import Site

SERVER = os.environ.pop("DATABASE_URL", "postgres://postgres@127.0.0.1/postgres")
SHARES = {"child": 5, "worker": 3, "beat": 1, "planner": 1}

PREPARE = """
import random
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from digest.models import Follow, Subscription
from papersite.catalogue import ingest
from papersite.catalogue.sources.records import SourcePaper
now = timezone.now()
ingest.run([SourcePaper(place=str(n), title=f"Paper about subject number {n}", abstract="An abstract.")
            for n in range(60)], source="test")
users = User.objects.bulk_create([User(email=f"reader{n}@example.org") for n in range(READERS)], 2000)
due = now - timedelta(minutes=1)
made = Subscription.objects.bulk_create([
    Subscription(reader=user, cap=3, confirmed_at=due, send_at=due.time(), next_due_on=due.date(), next_due_at=due)
    for user in users], 2000)
Follow.objects.bulk_create([Follow(subscription=one, kind="trending") for one in made], 5000)
print("{}")
"""

COUNT = """
import json
from collections import Counter
from digest.models import Delivery, DeliveryItem, Relay
rows = Delivery.objects.select_related("subscription__reader")
pairs = Counter(DeliveryItem.objects.values_list("subscription", "paper").iterator())
print(json.dumps({
    "expected": {one.message_id: one.subscription.reader.email for one in rows.iterator()},
    "states": Counter(rows.values_list("state", flat=True)),
    "uncertain": rows.filter(is_uncertain=True).count(),
    "repeated": sum(count - 1 for count in pairs.values()),
    "alarm": list(Relay.objects.values_list("alarm", flat=True)),
}))
"""


class Battlefield:
    """A site whose processes die and come back."""

    def __init__(self, site: Site, chance: random.Random, readers: int) -> None:
        self.site = site
        self.chance = chance
        self.readers = readers
        self.kills: Counter[str] = Counter()
        self.workers: list[subprocess.Popen[Any]] = []

    def start(self) -> None:
        self.workers = [self.site.start_worker(processes=2) for _ in range(2)]
        # Two of each at once: the second is never killed.
        self.beat, self.planner = self._start_beat("beat"), self._start_planner()
        self._start_beat("second-beat")
        self._start_planner()

    def _start_beat(self, name: str) -> subprocess.Popen[Any]:
        schedule = self.site.folder / name
        return self.site._start(
            [sys.executable, "-c", BEAT, "--app", "papersite", "beat", "--pidfile=", "--schedule", str(schedule)]
        )

    def _start_planner(self) -> subprocess.Popen[Any]:
        return self.site._start([sys.executable, "-c", PLANNER])

    def kill(self, what: str) -> None:
        self.kills[what] += 1
        if what == "child":
            children = [pid for worker in self.workers for pid in children_of(worker.pid)]
            if children:
                with suppress(ProcessLookupError):
                    os.kill(self.chance.choice(children), signal.SIGKILL)
        elif what == "worker":
            place = self.chance.randrange(len(self.workers))
            self.site.kill(self.workers[place])
            self.workers[place] = self.site.start_worker(processes=2)
        elif what == "beat":
            self.site.kill(self.beat)
            self.beat = self._start_beat("beat")
        else:
            self.site.kill(self.planner)
            self.planner = self._start_planner()


# Beat as it is, but every second instead of every minute: what is lost is to be found within this run.
BEAT = """
import sys
from papersite.celery import app
for entry in app.conf.beat_schedule.values():
    entry["schedule"], entry["options"] = 1.0, {"expires": 10}
app.start(sys.argv[1:])
"""

# A second one who plans, all the time.
PLANNER = """
import time, django
django.setup()
from django.utils import timezone
from digest.planning import planner
from digest.sending import claims
while True:
    planner.open_deliveries(timezone.now())
    claims.sweep(timezone.now())
    time.sleep(0.2)
"""


def children_of(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in found.read_text().split()] if found.exists() else []


def fight(database: str, readers: int, kills: int, seed: int, folder: Path) -> dict[str, Any]:
    chance = random.Random(seed)
    if database == "postgres":
        os.environ["DATABASE_URL"] = SERVER
    site = Site(folder, DIGEST_LEASE_SECONDS="4", DIGEST_BATCH="50", LOG_LEVEL="ERROR")
    os.environ.pop("DATABASE_URL", None)
    try:
        site.start_sink()
        sink = site.processes[-1]
        site.python(f"READERS = {readers}\n{PREPARE}")
        field = Battlefield(site, chance, readers)
        field.start()
        wait_for_first(site)
        _kill_all_along(field, kills, chance)
        _wait_until_settled(site, readers)
        assert sink.poll() is None, "the mail server died: nothing of this is true"
        return _verdict(site, database, field.kills)
    finally:
        site.close()


def wait_for_first(site: Site) -> None:
    deadline = time.monotonic() + 60
    while site.mail_log.stat().st_size == 0:
        assert time.monotonic() < deadline, "no mail left within a minute"
        time.sleep(0.05)


def _kill_all_along(field: Battlefield, kills: int, chance: random.Random) -> None:
    """Spread over the mails, not over time: a kill falls due when so many have left, and then at once."""
    moments = sorted(chance.uniform(0.0, 0.95) for _ in range(kills))
    kinds = chance.choices(list(SHARES), list(SHARES.values()), k=kills)
    for moment, kind in zip(moments, kinds, strict=True):
        deadline = time.monotonic() + 30
        while mails_in(field.site) < moment * field.readers and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.02)
        field.kill(kind)


def mails_in(site: Site) -> float:
    return site.mail_log.stat().st_size / MAIL_BYTES


# A line of the log, about.
MAIL_BYTES = 193


def _wait_until_settled(site: Site, readers: int) -> None:
    deadline = time.monotonic() + 240
    while (states := site.states()).get("sent", 0) < readers:
        assert time.monotonic() < deadline, states
        time.sleep(0.5)


def _verdict(site: Site, database: str, kills: Counter[str]) -> dict[str, Any]:
    found = site.python(COUNT)
    expected: dict[str, str] = found["expected"]
    mails = site.mails()
    sent = Counter(mail["id"] for mail in mails)
    print(f"{database}: kills {dict(kills)}, uncertain {found['uncertain']}, states {found['states']}", flush=True)
    assert found["alarm"] in ([], [""]), found["alarm"]
    return {
        "database": database,
        "mails": len(mails),
        "kills": sum(kills.values()),
        "lost": sum(one not in sent for one in expected),
        "duplicates": sum(count - 1 for count in sent.values()),
        "wrong": sum(expected.get(mail["id"]) != mail["to"] for mail in mails),
        "repeated": found["repeated"],
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true", help="under 45 seconds")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--database", choices=["sqlite", "postgres"])
    parser.add_argument("--readers", type=int)
    parser.add_argument("--kills", type=int)
    options = parser.parse_args()
    readers = options.readers or (600 if options.small else 20_000)
    kills = options.kills or (6 if options.small else 100)
    databases = [options.database] if options.database else (["sqlite"] if options.small else ["sqlite", "postgres"])
    print(f"seed {options.seed}", flush=True)
    results = []
    for database in databases:
        with tempfile.TemporaryDirectory() as folder:
            results.append(fight(database, readers, kills, options.seed, Path(folder)))
            print(json.dumps(results[-1]), flush=True)
    total = results[0] if len(results) == 1 else _sum(results)
    print(json.dumps(total))
    bad = total["lost"] + total["wrong"] + total["repeated"] + max(0, total["duplicates"] - total["kills"])
    return 1 if bad else 0


def _sum(results: list[dict[str, Any]]) -> dict[str, Any]:
    keys = ("mails", "kills", "lost", "duplicates", "wrong", "repeated")
    names = {"database": "+".join(one["database"] for one in results)}
    return names | {key: sum(one[key] for one in results) for key in keys}


if __name__ == "__main__":
    raise SystemExit(main())
