"""How many digests a second leave by a relay that takes its time, by how many sessions workers hold with it.

    uv run --all-groups python tests/bench/relay.py [--small] [--pauses MS…] [--sessions N…]

Two workers, as on two hosts, and one order of beat's: what else is at work they call themselves. The mail server speaks
TLS and answers each mail after so many milliseconds. Everything runs on this machine: PostgreSQL of its own, Redis of
its own, the mail server. ``per_s`` counts from the first mail taken to the last. ``cpu_ms`` is what workers used of a
processor for each mail, choosing and composing included; ``of_bound`` is ``per_s`` over the lesser of what sessions and
processors allow, sessions / (pause + cpu_ms) and cores / cpu_ms of all that runs here. The last line is JSON.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.bench.live_site import children_of, end_in_good_order
from tests.servers import Postgres, Redis
from tests.site import Site, wait_until

PREPARE = """
import sys
sys.path.insert(0, "tests/bench")
import mail_work
mail_work.prepare(READERS)
mail_work.plan()
"""
AGAIN = """
from digest.models import Delivery, DeliveryItem, Handover, Relay
DeliveryItem.objects.all().delete()
Handover.objects.all().delete()
Relay.objects.update(alarm="", down_until=None)
first = list(Delivery.objects.order_by("pk").values_list("pk", flat=True)[:COUNT])
Delivery.objects.exclude(pk__in=first).update(state="skipped", reason="Not now.")
Delivery.objects.filter(pk__in=first).update(
    state="due", reason="", attempts=0, accepted_count=0, assembled_at=None, settled_at=None, not_before=None,
    claimed_by="", lease_until=None)
"""

HANDS = """
from django.utils import timezone
from digest.sending import orders
print(orders.hands(timezone.now()))
"""


def certificate(folder: Path) -> Path:
    both = folder / "relay.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(both), "-out", str(folder / "cert.pem")]
    subprocess.run(command, check=True, capture_output=True)
    both.write_text(both.read_text() + (folder / "cert.pem").read_text())
    return both


class Trial:
    def __init__(self, site: Site, tls: Path) -> None:
        self.site = site
        self.tls = tls

    def run(self, pause_ms: int, sessions: int, mails: int) -> dict[str, Any]:
        site = self.site
        site.mail_log.write_text("")
        command = [sys.executable, str(ROOT / "tests/sink.py"), str(site.mail_log), "--tls", str(self.tls)]
        sink = site._start([*command, "--pause", str(pause_ms / 1000)], pipe=True)
        assert sink.stdout is not None
        site.environment["EMAIL_URL"] = f"smtp+ssl://127.0.0.1:{int(sink.stdout.readline())}"
        site.python(f"COUNT = {mails}\n{AGAIN}")
        each = [sessions - sessions // 2, sessions // 2] if sessions > 1 else [1]
        workers = [self._start_worker(number, count) for number, count in enumerate(each)]
        wait_until(lambda: self._hands() == sessions, 120, "signs of life", every=0.2)
        before: float = self._used(workers)
        site.order("wake")
        wait_until(lambda: self._taken() >= mails, 600, "all mails", every=0.1)
        used: float = self._used(workers) - before
        times = [float(mail["at"]) for mail in site.mails()]
        for one in (*workers, sink):
            site.kill(one)
        with suppress(Exception):
            site.python("from papersite.models import Heartbeat; Heartbeat.objects.all().delete()")
        seconds, cpu = max(times) - min(times), used / mails
        bound = min(sessions / (pause_ms / 1000 + cpu), (os.cpu_count() or 1) / cpu)
        return {
            "pause_ms": pause_ms, "sessions": sessions, "per_s": round(mails / seconds, 1),
            "cpu_ms": round(1000 * cpu, 2), "of_bound": round(mails / seconds / bound, 2),
        }  # fmt: skip

    def _start_worker(self, number: int, sessions: int) -> subprocess.Popen[Any]:
        command = [sys.executable, "-m", "celery", "--quiet", "--app", "papersite", "worker", "--queues", "mail"]
        command += ["--hostname", f"mail{number}@%h", "--concurrency", str(sessions), "--loglevel", "WARNING"]
        return self.site._start([*command, "--without-gossip", "--without-mingle"])

    def _hands(self) -> int:
        count: int = self.site.python(HANDS)
        return count

    def _taken(self) -> int:
        return self.site.mail_log.read_bytes().count(b"\n")

    @staticmethod
    def _used(workers: list[subprocess.Popen[Any]]) -> float:
        """Seconds of a processor that they and their children have used."""
        ticks = 0
        for pid in [pid for worker in workers for pid in (worker.pid, *children_of(worker.pid))]:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / int(os.sysconf("SC_CLK_TCK"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="under 45 seconds")
    parser.add_argument("--pauses", type=int, nargs="*", default=[1, 20, 100])
    parser.add_argument("--sessions", type=int, nargs="*", default=[])
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, end_in_good_order)
    sessions = options.sessions or ([2, 8] if options.small else [1, 2, 8, 16, 24, 32])
    most = 1500 if options.small else 6000
    redis, postgres = Redis(), Postgres("max_connections=200")
    os.environ |= {"DATABASE_URL": postgres.url, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests/bench'}"}
    results = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tls = certificate(folder)
        trust = {"SSL_CERT_FILE": str(folder / "cert.pem"), "REDIS_URL": redis.url, "LOG_LEVEL": "ERROR"}
        more = {"DIGEST_LEASE_SECONDS": "120", "DIGEST_BATCH": "400", "MAIL_POSTAL_ADDRESS": "1 Example Street"}
        site = Site(folder, **trust, **more)
        try:
            site.python(f"READERS = {most}\n{PREPARE}")
            trial = Trial(site, tls)
            for pause in options.pauses:
                for count in sessions:
                    # About ten seconds of work.
                    mails = min(
                        most, max(20 * count, round(count / (pause / 1000 + 0.002) * (3 if options.small else 10)))
                    )
                    results.append(trial.run(pause, count, mails))
                    print(json.dumps(results[-1]), flush=True)
        finally:
            site.database = ""
            site.close()
            redis.stop()
            postgres.stop()
    print(json.dumps({"relay": results, "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}))


if __name__ == "__main__":
    main()
