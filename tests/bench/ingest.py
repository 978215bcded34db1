"""How fast papers go in, how much memory that takes, and what a vote costs among many papers.

    uv run --all-groups python tests/bench/ingest.py [--small]

The last line is JSON. ``sqlite_per_s`` and ``postgres_per_s`` are papers with their authors and
categories, read from a file, without sorting them under topics (``classify_per_s`` is that);
``again_ratio`` is the time of importing the same file again over that of the first time, the
worse of the two databases; ``peak_mb`` the most memory of its own an import took (what SQLite maps
of its file is the system's cache and left out), ``peak_ratio`` that of the whole file over that of
a tenth of it. ``vote_ms`` is the median time of a vote that moves a
paper, ``rescore_s`` that of scoring all anew, both in a catalogue of ``papers_voted`` papers.

Each import runs in a process of its own. PostgreSQL is asked at DATABASE_URL, or on this machine;
where there is none its figure is null.
"""

import argparse
import gzip
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent.parent
REAL = ROOT.parent / "shared" / "data" / "arxiv" / "arxiv_cs_2025_2026.jsonl.gz"
POSTGRES = os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1/test")


def main() -> None:
    parser = argparse.ArgumentParser(description="Times imports and votes, and prints a line of JSON.")
    parser.add_argument("--small", action="store_true", help="under 45 seconds")
    parser.add_argument("--part", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.part:
        part, value = arguments.part
        print(json.dumps({"import": import_twice, "vote": vote}[part](value)))
        return
    print(json.dumps(measure(5_000 if arguments.small else 100_000, 50_000 if arguments.small else 1_000_000)))


def measure(papers: int, papers_voted: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path, tenth = Path(folder) / "papers.jsonl", Path(folder) / "tenth.jsonl"
        write(path, papers)
        write(tenth, papers // 10)
        small = part("import", str(tenth), folder)
        sqlite = part("import", str(path), folder)
        postgres = on_postgres(str(path), folder)
        voted = part("vote", str(papers_voted), folder)
    ratios = [found["again_s"] / found["first_s"] for found in (sqlite, postgres) if found]
    return {
        "papers": papers,
        "sqlite_per_s": round(papers / sqlite["first_s"]),
        "postgres_per_s": round(papers / postgres["first_s"]) if postgres else None,
        "again_ratio": round(max(ratios), 2),
        "classify_per_s": round(papers / sqlite["classify_s"]),
        "peak_mb": round(sqlite["peak_mb"]),
        "peak_ratio": round(sqlite["peak_mb"] / small["peak_mb"], 2),
        "papers_voted": papers_voted,
        **voted,
    }


def write(path: Path, count: int) -> None:
    """Papers of a real file, or of our own making where it is not there, varied until there are enough."""
    found = list(real()) or list(made())
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            entry = dict(found[number % len(found)])
            turn = number // len(found)
            entry["id"] = f"{2000 + number // 90_000 + 1}.{10_000 + number % 90_000:05}"
            if turn:
                entry["title"] += f" (part {turn})"
                # Half of the authors are new people, the others wrote before.
                entry["authors"] = [
                    f"{name} {turn}" if place % 2 else name for place, name in enumerate(entry["authors"])
                ]
            file.write(json.dumps(entry) + "\n")


def real() -> Iterator[dict[str, Any]]:
    if REAL.exists():
        with gzip.open(REAL, "rt", encoding="utf-8") as file:
            yield from map(json.loads, file)


def made() -> Iterator[dict[str, Any]]:
    words = ["graph", "network", "speech", "image", "robot", "protein", "diffusion", "language", "model", "proof"]
    for number in range(5000):
        yield {
            "title": f"{words[number % 10]} {words[number % 7]} study number {number}",
            "abstract": f"{' '.join(words * 16)} {number}",
            "authors": [f"Author {(number * 7 + place) % 9000} Name" for place in range(5)],
            "categories": ["cs.LG", "cs.AI"],
            "first_seen": f"2026-{1 + number % 10:02}-{1 + number % 28:02}",
        }


def part(name: str, value: str, folder: str, database: str = "") -> dict[str, Any]:
    """One measurement in a process and a database of its own."""
    environment = os.environ | {
        "DATA_DIR": tempfile.mkdtemp(dir=folder), "DJANGO_SETTINGS_MODULE": "papersite.settings", "DEBUG": "false",
        "SECRET_KEY": "for-a-benchmark", "LOG_LEVEL": "ERROR", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    environment.pop("DATABASE_URL", None)
    if database:
        environment["DATABASE_URL"] = database
    command = [sys.executable, __file__, "--part", name, value]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def on_postgres(path: str, folder: str) -> dict[str, Any] | None:
    import psycopg

    name = f"bench_{uuid4().hex[:12]}"
    try:
        server = psycopg.connect(POSTGRES, autocommit=True)
    except psycopg.OperationalError:
        return None
    with server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            return part("import", path, folder, f"{POSTGRES.rpartition('/')[0]}/{name}")
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def set_up() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)


def timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def own_memory() -> float:
    """Megabytes that this process holds itself, as Linux counts them."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("RssAnon:"))
    return int(line.split()[1]) / 1024


def import_twice(path: str) -> dict[str, float]:
    set_up()
    from papersite.catalogue import ingest, sample
    from papersite.catalogue.models import Paper
    from papersite.catalogue.sources import files
    from papersite.catalogue.topics import classification

    taken: list[float] = []

    def run() -> None:
        records = files.read(Path(path))
        ingest.run(records, source="bench", classifies=False, on_progress=lambda _seen: taken.append(own_memory()))

    first, again = timed(run), timed(run)
    sample.load_topics()
    Paper.objects.update(needs_sorting=True)
    return {
        "first_s": first,
        "again_s": again,
        "peak_mb": max(taken),
        "classify_s": timed(classification.classify_pending),
    }


def vote(count: str) -> dict[str, float]:
    set_up()
    from accounts.models import User
    from papersite.catalogue import votes
    from papersite.catalogue.heat import scoring
    from papersite.catalogue.models import Paper, SignalWeight

    fill(int(count))
    readers = User.objects.bulk_create([User(email=f"reader{number}@example.org") for number in range(101)])
    papers = [Paper.objects.get(pk=1 + number * (int(count) // 101)) for number in range(101)]
    times = [timed(lambda one=one: votes.cast(*one, address="192.0.2.7")) for one in zip(papers, readers, strict=True)]
    SignalWeight.objects.filter(signal="hf_upvotes").update(hours=5)
    return {"vote_ms": round(1000 * statistics.median(times), 2), "rescore_s": round(timed(scoring.rescore), 1)}


def fill(count: int) -> None:
    """A catalogue of that many papers, made by the database itself."""
    from django.db import connection

    from papersite.catalogue.models import Paper

    Paper.objects.create(title="A paper of many", abstract="About it. " * 100, content_key="0", hf_upvotes=3)
    changing = {"id": "n.i", "content_key": "n.i", "heat": "heat + n.i * 0.001"}
    columns = [str(field.column) for field in Paper._meta.concrete_fields]
    values = ", ".join(changing.get(name, name) for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
            f" INSERT INTO catalogue_paper ({', '.join(columns)}) SELECT {values} FROM catalogue_paper, n"
            " WHERE catalogue_paper.id = 1"
        )


if __name__ == "__main__":
    main()
