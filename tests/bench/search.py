"""How fast the site's search is, beside bare Tantivy, SQLite's FTS5 and PostgreSQL's full text, in one run.

    uv run --all-groups python tests/bench/search.py [--small] [--papers N] [--postgres URL] [--keep FOLDER]

One million papers (20,000 with ``--small``) are made from real abstracts and put into SQLite as the site
keeps them, and from there into all three indexes. 200 queries are asked of each: single words, pairs of
common words, phrases, filters, orders, beginnings of words. The last line is JSON:

    median_ms, p99_ms      the site's own search function, with 20 papers read from the database
    vs_tantivy             the search without reading papers, by the same queries put to Tantivy alone
    vs_fts5, vs_postgres   how many times as long the whole mix takes there
    index_per_s            papers a second from the database into the index
    similar_ms             the papers similar to one, median
    meaning_ms             the site's own search with a model, whose weights are of the bench group, and made-up
                           vectors of all papers: each question is new to it

and what 500 saved searches against 1,500 new papers take, the index's size as a share of the text, and how
fifty searching threads fare while a writer commits every second. ``--keep`` leaves the papers and the index
in a folder for the next run.
"""

import argparse
import json
import logging
import os
import random
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import papers as bench_papers
from tests.bench.search_engines import CLASSES, Asked, Bare, Fts5, Postgres, Site, questions

ROUNDS = 3


def times(ask: Callable[[Asked], None], asked: list[Asked], rounds: int = ROUNDS) -> list[list[float]]:
    """Milliseconds of each question, round by round, after a round that is not counted."""
    found: list[list[float]] = [[] for _ in asked]
    for turn in range(rounds + 1):
        for place, one in enumerate(asked):
            start = time.perf_counter()
            ask(one)
            if turn:
                found[place].append((time.perf_counter() - start) * 1000)
    return found


def total(found: list[list[float]]) -> float:
    return sum(map(median, found))


def say(label: str, asked: list[Asked], found: list[list[float]]) -> None:
    by_kind = {
        kind: median(median(t) for one, t in zip(asked, found, strict=True) if one.kind == kind) for kind in CLASSES
    }
    print(
        f"{label:18}", *(f"{kind} {ms:.2f}" for kind, ms in by_kind.items()), f"| all {total(found):.0f} ms", flush=True
    )


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    from django.conf import settings

    from papersite.catalogue.models import Paper
    from papersite.catalogue.search import writing
    from papersite.catalogue.search.folder import Folder

    database = Path(settings.DATABASES["default"]["NAME"])
    result: dict[str, Any] = {"papers": options.papers}
    rows = bench_papers.read()
    if Paper.objects.count() != options.papers:
        text = bench_papers.fill(bench_papers.vary(rows, options.papers))
        (folder / "text").write_text(str(text))
    say_step("papers made")
    started = time.perf_counter()
    with writing.writer(Folder(settings.INDEX_DIR)) as writer:
        writer.rebuild()
    result["index_per_s"] = round(options.papers / (time.perf_counter() - started))
    size = sum(path.stat().st_size for path in settings.INDEX_DIR.rglob("*") if path.is_file())
    result["index_share_of_text"] = round(size / int((folder / "text").read_text()), 3)
    say_step("indexed")
    asked = questions(bench_papers.vary(rows, min(options.papers, 20_000)))
    site = Site()
    whole = times(site.whole, asked)
    say("site, with papers", asked, whole)
    samples = [ms for found in whole for ms in found]
    result["median_ms"] = round(median(samples), 2)
    result["p99_ms"] = round(quantiles(samples, n=100)[98], 2)
    result |= meaning_ms(options.papers, asked, site.whole)
    only, bare = times(site.search, asked), times(Bare().search, asked)
    say("site, search only", asked, only)
    say("bare Tantivy", asked, bare)
    result["vs_tantivy"] = round(total(only) / total(bare), 2)
    result |= others(options, database, asked, total(only))
    result["similar_ms"] = similar_ms()
    result["matching_s"] = matching_s(rows)
    result |= crowd(options.crowd_seconds)
    return result


def meaning_ms(papers: int, asked: list[Asked], ask: Callable[[Asked], None]) -> dict[str, float]:
    """Median with a model; nothing where its weights are missing."""
    from django.conf import settings

    from papersite.catalogue.meaning import site
    from tests import weights
    from tests.bench import meaning

    if weights.missing():
        return {}
    with tempfile.TemporaryDirectory() as scratch:
        settings.MODEL_DIR = weights.make_folder(Path(scratch) / "model")
        described = site.described(settings.MODEL_DIR)
        assert described is not None
        path = site.path_of(settings.INDEX_DIR, described)
        chance = np.random.default_rng(5)
        meaning.fill(path, papers + 1, meaning.known_vectors(None, chance), chance, described.fingerprint)
        try:
            model = site.meaning()
            assert model is not None
            ask(asked[0])  # loads the model
            found = []
            for one in asked:
                model._question.cache_clear()
                start = time.perf_counter()
                ask(one)
                found.append((time.perf_counter() - start) * 1000)
        finally:
            settings.MODEL_DIR = None
            path.unlink()
    return {"meaning_ms": round(median(found), 2)}


def others(options: argparse.Namespace, database: Path, asked: list[Asked], ours: float) -> dict[str, float]:
    """How many times as long the same mix takes elsewhere."""
    fts5 = Fts5(database)
    if not fts5.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'fts'").fetchone():
        fts5.build()
    say_step("FTS5 built")
    found = times(fts5.search, asked, rounds=1)
    say("FTS5", asked, found)
    ratios = {"vs_fts5": round(total(found) / ours, 1)}
    if options.postgres:
        postgres = Postgres(options.postgres)
        postgres.build(database)
        say_step("PostgreSQL built")
        found = times(postgres.search, asked, rounds=1)
        postgres.drop()
        say("PostgreSQL", asked, found)
        ratios["vs_postgres"] = round(total(found) / ours, 1)
    return ratios


def similar_ms() -> float:
    from papersite.catalogue.models import Paper
    from papersite.catalogue.search import similar

    samples = []
    for paper in Paper.objects.order_by("content_key")[:60]:
        start = time.perf_counter()
        similar.to_text(paper.title, paper.abstract, size=7)
        samples.append((time.perf_counter() - start) * 1000)
    return round(median(samples), 2)


def matching_s(rows: list[dict[str, Any]]) -> float:
    """500 saved searches against 1,500 new papers, reading these included."""
    from papersite.catalogue.models import Paper
    from papersite.catalogue.search import documents, language, matching

    asked = questions(bench_papers.vary(rows, 5000))
    searches = {
        number: language.parse(f"{asked[number % 200].text} OR {asked[(number * 7) % 200].words[0]}")
        for number in range(500)
    }
    newest = list(Paper.objects.order_by("-pk").values_list("pk", flat=True)[:1500])
    start = time.perf_counter()
    found = matching.find(searches, documents.of(newest))
    seconds = time.perf_counter() - start
    assert sum(map(len, found.values())) > 0
    return round(seconds, 2)


def crowd(seconds: float) -> dict[str, Any]:
    """Fifty threads that search while a writer commits every second: errors, and how memory grows."""
    from django.conf import settings

    from papersite.catalogue import revisions
    from papersite.catalogue.search import writing
    from papersite.catalogue.search.folder import Folder

    asked = questions(bench_papers.vary(bench_papers.read(), 2000))
    stopped = threading.Event()
    errors: list[BaseException] = []
    counts = [0] * 50

    def search_on(thread: int) -> None:
        chance = random.Random(thread)
        while not stopped.is_set():
            try:
                Site().search(chance.choice(asked))
                counts[thread] += 1
            except BaseException as error:  # noqa: BLE001  whatever it is, it is counted
                errors.append(error)

    threads = [threading.Thread(target=search_on, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    memory, commits, end = [], 0, time.monotonic() + seconds
    with writing.writer(Folder(settings.INDEX_DIR)) as writer:
        while time.monotonic() < end:
            revisions.mark(range(1 + commits * 50, 51 + commits * 50))
            writer.update()
            commits += 1
            memory.append(_resident_mb())
            time.sleep(1)
    stopped.set()
    for thread in threads:
        thread.join()
    half = len(memory) // 2
    growth = median(memory[half:]) / median(memory[:half]) if half else 1.0
    if errors:
        print(f"first error: {errors[0]!r}")
    return {
        "crowd_errors": len(errors),
        "crowd_searches": sum(counts),
        "crowd_commits": commits,
        "crowd_growth": round(growth, 3),
    }


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def say_step(label: str) -> None:
    print(f"[{time.perf_counter() - STARTED:6.1f} s] {label}", flush=True)


STARTED = time.perf_counter()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="20,000 papers, under 45 seconds")
    parser.add_argument("--papers", type=int, default=0)
    parser.add_argument("--postgres", default="postgres://postgres@127.0.0.1/test", help="empty: without PostgreSQL")
    parser.add_argument("--keep", type=Path, help="a folder that stays")
    options = parser.parse_args()
    options.papers = options.papers or (20_000 if options.small else 1_000_000)
    options.crowd_seconds = 5 if options.small else 30
    with tempfile.TemporaryDirectory(prefix="papersite-search-") as scratch:
        folder = options.keep or Path(scratch)
        set_up(folder)
        print(json.dumps(measure(options, folder)))


def set_up(folder: Path) -> None:
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "papersite.settings", "DEBUG": "false"}
    os.environ |= {"SECRET_KEY": "for-a-benchmark", "LOG_LEVEL": "ERROR"}
    import django
    from django.core.management import call_command

    django.setup()
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    with Path(os.devnull).open("w") as nowhere:
        call_command("load_topics", stdout=nowhere)


if __name__ == "__main__":
    main()
