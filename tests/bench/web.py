"""How many pages a second the site serves, what one costs when it is made anew, and how that grows with the catalogue.

    uv run --all-groups python tests/bench/web.py [--small] [--sizes N,N] [--keep FOLDER]

Catalogues of 20,000 and 1,000,000 papers (2,000 and 20,000 with ``--small``) are made from real abstracts, with a
search index and a month of signals. In each all kinds of public pages are made anew, one after the other in one
process; then the site is served from the larger, on SQLite, to 16 connections. The last line is JSON:

    public_vs_empty   requests a second of the public pages' mix over an empty view through the same middleware
    public_per_s      the same mix for strangers; personal_per_s, personal_p99_ms: for readers who are signed in
    cold_ms           processor a page made anew in the larger catalogue, the mean of all kinds; cold_worst_ms
    growth            the same over that in the smaller
    queries           the most that a page asks, of a stranger's and of a reader's

The client shares the two cores with the server, so that the rates are lower than the server's own; the ratios are
of one run.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from statistics import mean
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.connections import load

READERS = 16
ROUNDS = 3
OF_A_KIND = 8
STARTS_WITHIN = 60
SIGNALLED = 3000


# --- a catalogue, and what its pages cost ---------------------------------------------------------------


def set_up(folder: Path) -> None:
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
    os.environ |= {
        "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "tests.bench.web_settings", "DEBUG": "false",
        "SECRET_KEY": "for-this-run-alone-" + "x" * 40, "LOG_LEVEL": "ERROR", "ALLOWED_HOSTS": "localhost",
        "SEARCHES_PER_NETWORK": "1000000/m",
    }  # fmt: skip
    import django

    django.setup()


def fill(count: int) -> None:
    """Papers, their topics and signals, an index, and readers with sessions."""
    from django.conf import settings
    from django.core.management import call_command

    from papersite.catalogue.search import writing
    from papersite.catalogue.search.folder import Folder

    call_command("collectstatic", verbosity=0, interactive=False)
    if not fill_papers(count):
        return
    _signal()
    with writing.writer(Folder(settings.INDEX_DIR)) as writer:
        writer.rebuild()
    _make_readers()


def fill_papers(count: int) -> bool:
    """Papers and their topics alone; False where there are some already."""
    from django.core.management import call_command
    from django.db import connection

    from papersite.catalogue import tallies
    from papersite.catalogue.database import bulk, triggers
    from papersite.catalogue.models import Author, Authorship, Paper, PaperCategory, PaperTopic
    from tests.bench import papers as bench_papers

    call_command("migrate", verbosity=0)
    if Paper.objects.exists():
        return False
    with Path(os.devnull).open("w") as nowhere:
        call_command("load_topics", stdout=nowhere)
    # Counting each of a million rows as it comes takes longer than counting them all.
    triggers.remove(connection)
    bench_papers.fill(bench_papers.vary(bench_papers.read(), count))
    triggers.install(connection)
    tallies.mend()
    bulk.refresh_statistics((Paper, Author, Authorship, PaperCategory, PaperTopic))
    return True


def _signal() -> None:
    """Upvotes of the newest month, day by day."""
    from datetime import timedelta

    from papersite.catalogue.models import Paper, Reading
    from tests.bench.papers import NEWEST

    newest = list(Paper.objects.order_by("-announced_at").values_list("pk", flat=True)[:SIGNALLED])
    days = [(NEWEST - timedelta(days=back)).date() for back in range(0, 30, 3)]
    rows = [
        Reading(paper_id=pk, signal="hf_upvotes", day=day, value=1 + pk % 50 + place)
        for pk in newest
        for place, day in enumerate(reversed(days))
    ]
    Reading.objects.bulk_create(rows, batch_size=2000)


def _make_readers() -> None:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from accounts.models import User
    from digest.models import Subscription

    keys = []
    now = timezone.now()
    for number in range(READERS):
        reader = User.objects.create(email=f"reader{number}@example.org", password="!")
        Subscription.objects.update_or_create(
            reader=reader, defaults={"time_zone": "UTC", "signed_up_at": now, "confirmed_at": now}
        )
        session = SessionStore()
        session[SESSION_KEY] = str(reader.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = reader.get_session_auth_hash()
        session.create()
        keys.append(session.session_key)
    (_data_dir() / "sessions").write_text("\n".join(str(key) for key in keys))


def _data_dir() -> Path:
    return Path(os.environ["DATA_DIR"])


def kinds() -> dict[str, list[str]]:
    """Addresses of each kind of public page, the same number of each."""
    from papersite.catalogue.models import Author, Category, Paper, Tally, Topic
    from tests.bench.papers import NEWEST

    chance = random.Random(3)

    def some(rows: Any) -> list[str]:
        found = [row.get_absolute_url() for row in rows]
        return [chance.choice(found) for _ in range(OF_A_KIND)]

    last = Paper.objects.order_by("-pk").values_list("pk", flat=True)[0]
    today = NEWEST.date()
    days = sorted(Tally.objects.days(today.replace(year=today.year - 2), today))
    chosen = [chance.choice(days[len(days) // 2 :]) for _ in range(OF_A_KIND)]
    after = _deep()
    return {
        "front": ["/"] * OF_A_KIND,
        "deep": [f"/?after={after}"] * OF_A_KIND,
        "day": [f"/papers/{day}/" for day in chosen],
        "week": [f"/papers/week/{day:%G-W%V}/" for day in chosen[:2] for _ in range(OF_A_KIND // 2)],
        "month": [f"/papers/month/{today:%Y-%m}/"] * OF_A_KIND,
        "paper": some(Paper.objects.filter(pk__in=[chance.randrange(1, last) for _ in range(OF_A_KIND)])),
        "topics": ["/topics/"] * OF_A_KIND,
        "topic": some(Topic.objects.all()),
        "category": some(Category.objects.all()),
        "author": some(Author.objects.filter(pk__in=[chance.randrange(1, 2000) for _ in range(OF_A_KIND)])),
        "archive": ["/archive/"] * OF_A_KIND,
        "words": ["/trending/how/", "/privacy/"] * (OF_A_KIND // 2),
    }


def _deep() -> str:
    """The key of a paper in the middle of all."""
    from papersite.catalogue.lists import Key
    from papersite.catalogue.models import Paper

    middle = Paper.objects.count() // 2
    return str(Key(*Paper.objects.trending().values_list("heat", "pk")[middle]))


def cold() -> dict[str, Any]:
    """Milliseconds of processor for each kind of page made anew, and the most queries of one."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.db import connection
    from django.test import RequestFactory
    from django.test.utils import CaptureQueriesContext

    settings.PAGES_FRESH_SECONDS = 0
    handler, factory = get_wsgi_application(), RequestFactory(SERVER_NAME="localhost")
    session = (_data_dir() / "sessions").read_text().split()[0]

    def ask(address: str, **headers: Any) -> None:
        response = handler.get_response(factory.get(address, **headers))
        assert response.status_code == 200, (address, response.status_code)

    found: dict[str, float] = {}
    queries: dict[str, dict[str, int]] = {"stranger": {}, "reader": {}}
    for kind, addresses in kinds().items():
        for address in addresses:
            ask(address)
        began = time.process_time()
        for _ in range(ROUNDS):
            for address in addresses:
                ask(address)
        found[kind] = round(1000 * (time.process_time() - began) / ROUNDS / len(addresses), 2)
        for who, headers in (("stranger", {}), ("reader", {"HTTP_COOKIE": f"sessionid={session}"})):
            counts = []
            for address in set(addresses):
                with CaptureQueriesContext(connection) as asked:
                    ask(address, **headers)
                counts.append(len(asked))
            queries[who][kind] = max(counts)
    paths = [address for addresses in kinds().values() for address in addresses]
    return {"cold": found, "queries": queries, "paths": paths}


# --- served ---------------------------------------------------------------------------------------------


def serve(folder: Path, paths: list[str], seconds: float) -> dict[str, dict[str, float]]:
    from papersite.runtime.supervisor import Processes, free_port

    port = free_port(8741)
    sessions = (folder / "sessions").read_text().split()
    processes = Processes(
        port=port, site_url=f"http://localhost:{port}", beat_schedule=str(folder / "beat"), logs=folder / "logs"
    )
    with processes:
        processes.start(["web"])
        _wait(port)
        asyncio.run(load(port, paths, seconds / 2))
        found = {"public": asyncio.run(load(port, paths, seconds))}
        asyncio.run(load(port, ["/empty/"], seconds / 4))
        found["empty"] = asyncio.run(load(port, ["/empty/"], seconds))
        asyncio.run(load(port, paths, seconds / 4, sessions))
        found["personal"] = asyncio.run(load(port, paths, seconds, sessions))
        if ended := processes.ended():
            raise SystemExit(f"{ended} has ended: {(folder / 'logs' / f'{ended}.log').read_text()[-2000:]}")
    return found


def _wait(port: int) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        with suppress(OSError):
            asyncio.run(load(port, ["/empty/"], 0))
            return
        if time.monotonic() > deadline:
            raise SystemExit(f"The site did not answer within {STARTS_WITHIN} s.")
        time.sleep(0.2)


# --- one run --------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="2,000 and 20,000 papers, all in less than 45 s")
    parser.add_argument("--sizes", default="", help="two numbers of papers, with a comma")
    parser.add_argument("--keep", type=Path, help="a folder that stays, for the next run")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        set_up(options.keep)
        fill(options.one)
        print(json.dumps(cold()))
        return
    sizes = [int(size) for size in (options.sizes or ("2000,20000" if options.small else "20000,1000000")).split(",")]
    scratch = options.keep or Path(tempfile.mkdtemp(prefix="papersite-web-"))
    try:
        report(scratch, sizes, 2.5 if options.small else 20.0)
    finally:
        if not options.keep:
            shutil.rmtree(scratch, ignore_errors=True)


def _begin(folder: Path, size: int) -> "subprocess.Popen[str]":
    """Makes a catalogue and its pages in a process of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    order = [sys.executable, __file__, "--one", str(size), "--keep", str(folder)]
    return subprocess.Popen(order, stdout=subprocess.PIPE, text=True)


def report(scratch: Path, sizes: list[int], seconds: float) -> None:
    load_before = os.getloadavg()[0]
    # At once, one for each core: what is measured there is the processor's time.
    made = [_begin(scratch / str(size), size) for size in sizes]
    parts = []
    for size, process in zip(sizes, made, strict=True):
        said, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"The catalogue of {size} papers could not be made.")
        parts.append(json.loads(said.splitlines()[-1]))
        print(f"{size:>9} papers:", parts[-1]["cold"], parts[-1]["queries"], flush=True)
    small, large = (part["cold"] for part in parts)
    set_up(scratch / str(sizes[-1]))
    served = serve(scratch / str(sizes[-1]), parts[-1]["paths"], seconds)
    for name, part in served.items():
        print(f"{name:>9}:", part)
    print(
        json.dumps(
            {
                "papers": sizes,
                "public_vs_empty": round(served["public"]["per_s"] / served["empty"]["per_s"], 2),
                "public_per_s": served["public"]["per_s"],
                "empty_per_s": served["empty"]["per_s"],
                "personal_per_s": served["personal"]["per_s"],
                "personal_p99_ms": served["personal"]["p99_ms"],
                "cold_ms": round(mean(large.values()), 2),
                "cold_worst_ms": max(large.values()),
                "growth": round(mean(large.values()) / mean(small.values()), 2),
                "queries": max(max(part["queries"]["stranger"].values()) for part in parts),
                "reader_queries": max(max(part["queries"]["reader"].values()) for part in parts),
                "load_before": round(load_before, 1),
                "cores": os.cpu_count(),
            }
        )
    )


if __name__ == "__main__":
    main()
