"""An hour of the whole site, compressed: whether it grows, leaks or slows down.

    uv run --all-groups python tests/bench/soak.py [--small] [--seed N] [--seconds N]

``manage.py serve`` on a PostgreSQL and a Redis of its own. First at rest: visitors alone, which gives the times that
pages take. Then digests leave to a mail server that takes its time, in waves, as readers' hours come one after the
other, while the same visitors come. After a third of the time all is warm; from then on each process's memory (the
part that is its own, PSS), its open files and the connections of PostgreSQL are looked at every second.

``growth`` is by how much the worst process is larger in the last quarter of what was looked at than in the first, the
lesser of medians' and minima's ratios; processes that are replaced by plan, as a worker's child that has grown to its
limit is, count from their beginning. ``files`` and ``connections`` are how many more there are in the end. ``p99`` is
the 99th percentile of pages under load over that at rest. The last line is JSON.
"""

import argparse
import os
import signal
import statistics
import sys
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.bench.live_site import LiveSite, chance_of, end_in_good_order, print_json
from tests.bench.visitors import Crowd, Seen

GROWTH, SLOWER = 1.05, 3.0
# Asked for on top, since a process may hold a few for a moment.
FILES, CONNECTIONS = 8, 4

WAVE = """
from datetime import timedelta
from django.utils import timezone
from digest.models import Delivery, Subscription
due = timezone.now() - timedelta(seconds=1)
free = Subscription.objects.filter(deliveries__isnull=True, next_due_at__gt=timezone.now())
free = free.order_by("pk").values_list("pk", flat=True)[:COUNT]
Subscription.objects.filter(pk__in=list(free)).update(send_at=due.time(), next_due_on=due.date(), next_due_at=due)
"""
NOBODY = """
from datetime import timedelta
from django.utils import timezone
from digest.models import Subscription
later = timezone.now() + timedelta(days=1)
Subscription.objects.update(next_due_on=later.date(), next_due_at=later)
"""


class Watch:
    """What each process has, every second."""

    def __init__(self, live: LiveSite) -> None:
        self.live = live
        self.memory: dict[tuple[str, int], list[int]] = defaultdict(list)
        self.files: dict[tuple[str, int], list[int]] = defaultdict(list)
        self.connections: list[int] = []
        self.asker = psycopg.connect(live.postgres.url, autocommit=True)

    def look(self) -> None:
        found = self.live.processes() | {"supervisor": [self.live.server.pid]}
        for name, pids in found.items():
            for pid in pids:
                with suppress(OSError, StopIteration):
                    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
                    self.files[name, pid].append(len(list(Path(f"/proc/{pid}/fd").iterdir())))
                    self.memory[name, pid].append(kilobytes)
        row = self.asker.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        ).fetchone()
        self.connections.append(row[0] if row else 0)

    def close(self) -> None:
        self.asker.close()

    def growth(self) -> dict[str, float]:
        """Of each kind of process that which grew most."""
        found: dict[str, float] = {}
        for (name, _), looks in self.memory.items():
            if len(looks) >= 8:
                found[name] = max(found.get(name, 0.0), _ratio(looks))
        return {name: round(ratio, 3) for name, ratio in sorted(found.items())}

    def more_files(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for (name, _), looks in self.files.items():
            if len(looks) >= 8:
                first, last = _ends(looks)
                found[name] = max(found.get(name, -99.0), statistics.median(last) - statistics.median(first))
        return found

    def more_connections(self) -> float:
        first, last = _ends(self.connections)
        return statistics.median(last) - statistics.median(first)


def _ends(looks: list[int]) -> tuple[list[int], list[int]]:
    quarter = max(2, len(looks) // 4)
    return looks[:quarter], looks[-quarter:]


def _ratio(looks: list[int]) -> float:
    first, last = _ends(looks)
    return min(statistics.median(last) / statistics.median(first), min(last) / min(first))


def percentile(seen: list[Seen], percent: int) -> float:
    """Of pages, in milliseconds."""
    ordered = sorted(one.seconds for one in seen if not one.is_error) or [0.0]
    return round(1000 * ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1)


def run(live: LiveSite, options: argparse.Namespace, seconds: float) -> dict[str, Any]:
    chance = chance_of(options.seed)
    watch = Watch(live)
    # The pages of so few searches fill the memory that is kept for them at once, instead of within the hour.
    with Crowd(live.port, options.rate, live.voters, live.papers, chance, searches=40) as crowd:
        time.sleep(seconds / 10)  # warms
        rest = _while_nothing_else(crowd, seconds / 5)
        waves = max(4, round(seconds / 10))
        began = time.time()
        for _ in range(waves):
            until = time.time() + seconds * 0.7 / waves
            live.site.python(f"COUNT = {live.readers // waves}\n{WAVE}")
            while time.time() < until:
                if time.time() - began > seconds * 0.7 / 3:
                    watch.look()
                time.sleep(1.0 if seconds > 100 else 0.4)
        busy = [one for one in crowd.seen if one.at >= began]
    sent = live.site.states().get("sent", 0)
    watch.close()
    growth, files = watch.growth(), watch.more_files()
    print(f"memory {growth}\nfiles {files}", flush=True)
    return {
        "requests": len(busy),
        "mails": sent,
        "growth": max(growth.values()),
        "files": max(files.values()),
        "connections": watch.more_connections(),
        "errors": sum(one.is_error for one in busy),
        "p99_ms": percentile(busy, 99),
        "p99": round(percentile(busy, 99) / percentile(rest, 99), 2),
        "load": round(os.getloadavg()[0], 1),
    }


def _while_nothing_else(crowd: Crowd, seconds: float) -> list[Seen]:
    since = time.time()
    time.sleep(seconds)
    return [one for one in crowd.seen if one.at >= since]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="under 45 seconds")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--rate", type=float, default=12.0, help="requests a second")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, end_in_good_order)
    seconds = options.seconds or (18.0 if options.small else 480.0)
    settings = "tests.bench.chaos_settings" if options.small else "papersite.settings"
    # As many as leave in the time with the two sessions of one worker, and some to spare.
    readers = round(seconds * 20)
    with LiveSite(readers=readers, seconds_a_mail=0.02, begins=NOBODY, DJANGO_SETTINGS_MODULE=settings) as live:
        found = run(live, options, seconds)
    print_json({"seconds": seconds} | found)
    is_large = found["growth"] > GROWTH or found["files"] > FILES or found["connections"] > CONNECTIONS
    return 1 if is_large or found["p99"] > SLOWER or found["errors"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
