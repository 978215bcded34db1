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
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import batched, pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import papers as bench_papers

ROUNDS = 3
CLASSES = {"one word": 40, "two common words": 40, "phrase": 30, "filter": 30, "order": 30, "beginning": 30}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, in parts from which each engine's own words are made."""

    kind: str
    words: tuple[str, ...]
    sort: str = ""
    category: str = ""
    since: date | None = None
    has_code: bool = False

    @property
    def text(self) -> str:
        """In the site's language."""
        joined = " ".join(self.words)
        said = f'"{joined}"' if self.kind == "phrase" else f"{joined}*" if self.kind == "beginning" else joined
        for value, prefix in ((self.category, "cat:"), (self.since, "after:"), (self.sort, "sort:")):
            said += f" {prefix}{value}" if value else ""
        return said + (" has:code" if self.has_code else "")


def questions(made: Iterable[bench_papers.Made]) -> list[Asked]:
    """200 questions in the words of titles, by how often these are used. The same every time."""
    from papersite.catalogue.search.words import LITTLE, words

    titles = [[word for word in words(paper.title) if len(word) > 3 and word not in LITTLE] for paper in made]
    ranked = [word for word, _ in Counter(word for title in titles for word in title).most_common()]
    chance = random.Random(3)
    common, any_word = ranked[:150], ranked[: len(ranked) // 3]
    pairs = [pair for title in titles for pair in pairwise(title)]
    found = []
    for kind, count in CLASSES.items():
        for number in range(count):
            match kind:
                case "one word":
                    found.append(Asked(kind, (chance.choice(common if number % 2 else any_word),)))
                case "two common words":
                    found.append(Asked(kind, tuple(chance.sample(common, 2))))
                case "phrase":
                    found.append(Asked(kind, chance.choice(pairs)))
                case "filter":
                    narrowed: list[dict[str, Any]] = [
                        {"category": chance.choice(["cs.LG", "cs.CV", "cs.CL", "cs.RO"])},
                        {"since": bench_papers.NEWEST.date() - timedelta(days=chance.choice([7, 31, 366]))},
                        {"has_code": True},
                    ]
                    found.append(Asked(kind, (chance.choice(common),), **narrowed[number % 3]))
                case "order":
                    chosen = tuple(chance.sample(common, 1 + number % 2))
                    found.append(Asked(kind, chosen, sort=chance.choice(["new", "hot"])))
                case _:
                    found.append(Asked(kind, (chance.choice([word for word in ranked[:2000] if len(word) > 5])[:4],)))
    return found


# --- engines -----------------------------------------------------------------


class Site:
    """The site's own search."""

    def whole(self, asked: Asked) -> None:
        """As a page does it: the papers are read too."""
        from papersite.catalogue.search import results

        results.search(asked.text, bench_papers.NEWEST)

    def search(self, asked: Asked) -> None:
        from papersite.catalogue.search import language
        from papersite.catalogue.search.finding import Search

        Search(language.parse(asked.text), bench_papers.NEWEST).page()


class Bare:
    """Tantivy alone, on the site's index, by its own parser: the first 20 papers and how many there are."""

    def __init__(self) -> None:
        from django.conf import settings

        from papersite.catalogue.search.folder import Folder

        current = Folder(settings.INDEX_DIR).current()
        assert current is not None
        self.index = current.open()
        self.searcher = self.index.searcher()

    def search(self, asked: Asked) -> None:
        found = self.searcher.search(self._query(asked), 20, count=True, order_by_field=asked.sort or None)
        self.searcher.fast_field_values("paper", [address for _, address in found.hits])

    def _query(self, asked: Asked) -> Any:
        from tantivy import Query

        from papersite.catalogue.search.schema import days, schema

        if asked.kind == "beginning":
            return Query.regex_query(schema(), "text", f"{asked.words[0]}.*")
        said = f'"{" ".join(asked.words)}"' if asked.kind == "phrase" else " ".join(asked.words)
        if asked.category:
            said += f' category:"{asked.category.lower()}"'
        if asked.since:
            said += f" day:[{days(asked.since)} TO 9999999]"
        if asked.has_code:
            said += " code:true"
        return self.index.parse_query(said, ["title", "text", "author"], conjunction_by_default=True)


class Fts5:
    """SQLite's full text, stemmed, over titles and abstracts."""

    def __init__(self, database: Path) -> None:
        self.connection = sqlite3.connect(database)
        self.connection.execute("PRAGMA mmap_size=268435456")

    def build(self) -> None:
        run = self.connection.execute
        run("CREATE VIRTUAL TABLE fts USING fts5(title, abstract, content='', tokenize='porter unicode61')")
        run("INSERT INTO fts (rowid, title, abstract) SELECT id, title, abstract FROM catalogue_paper")
        self.connection.commit()

    def search(self, asked: Asked) -> None:
        joined = " ".join(asked.words)
        match = {"phrase": f'"{joined}"', "beginning": f"{joined}*"}.get(asked.kind, joined)
        where, values = _narrowed(asked, "?")
        order = {"": "bm25(fts, 2.0, 1.0)", "new": "p.announced_at DESC", "hot": "p.heat DESC"}[asked.sort]
        joined_papers = "JOIN catalogue_paper p ON p.id = fts.rowid" if where or asked.sort else ""
        self.connection.execute(
            f"SELECT fts.rowid FROM fts {joined_papers} WHERE fts MATCH ? {where} ORDER BY {order} LIMIT 20",
            [match, *values],
        ).fetchall()


class Postgres:
    """PostgreSQL's full text: a weighted tsvector under a GIN index, ranked by ts_rank."""

    def __init__(self, url: str) -> None:
        import psycopg

        self.connection = psycopg.connect(url, autocommit=True)

    def build(self, database: Path) -> None:
        run = self.connection.execute
        run("DROP TABLE IF EXISTS bench_paper")
        run(
            "CREATE UNLOGGED TABLE bench_paper (id bigint PRIMARY KEY, announced_at timestamp, heat float8,"
            " code_url text, primary_category_id int, words tsvector)"
        )
        run(
            "CREATE TEMP TABLE taken (id bigint, title text, abstract text, at timestamp, heat float8,"
            " code text, category int)"
        )
        with closing(sqlite3.connect(database)) as source:
            rows = source.execute(
                "SELECT id, title, abstract, announced_at, heat, code_url, primary_category_id FROM catalogue_paper"
            )
            for some in batched(rows, 50_000):
                with self.connection.cursor() as cursor, cursor.copy("COPY taken FROM STDIN") as copy:
                    for row in some:
                        copy.write_row(row)
                run(
                    "INSERT INTO bench_paper SELECT id, at, heat, code, category,"
                    " setweight(to_tsvector('english', title), 'A') || to_tsvector('english', abstract) FROM taken"
                )
                run("TRUNCATE taken")
        run("SET maintenance_work_mem = '1GB'")
        run("CREATE INDEX ON bench_paper USING gin (words)")
        run("CREATE INDEX ON bench_paper (announced_at)")
        run("CREATE INDEX ON bench_paper (heat)")
        run("ANALYZE bench_paper")

    def search(self, asked: Asked) -> None:
        function = {"phrase": "phraseto_tsquery", "beginning": "to_tsquery"}.get(asked.kind, "plainto_tsquery")
        said = f"{asked.words[0]}:*" if asked.kind == "beginning" else " ".join(asked.words)
        where, values = _narrowed(asked, "%s")
        order = {"": "ts_rank(p.words, q) DESC", "new": "p.announced_at DESC", "hot": "p.heat DESC"}[asked.sort]
        self.connection.execute(
            f"SELECT p.id FROM bench_paper p, {function}('english', %s) q"
            f" WHERE p.words @@ q {where} ORDER BY {order} LIMIT 20",
            [said, *values],
        ).fetchall()

    def drop(self) -> None:
        self.connection.execute("DROP TABLE IF EXISTS bench_paper")
        self.connection.close()


def _narrowed(asked: Asked, mark: str) -> tuple[str, list[Any]]:
    """The filters as SQL, for both databases."""
    if asked.category:
        from papersite.catalogue.models import Category

        return f"AND p.primary_category_id = {mark}", [Category.objects.get(code=asked.category).pk]
    if asked.since:
        return f"AND p.announced_at >= {mark}", [asked.since.isoformat()]
    if asked.has_code:
        return "AND p.code_url <> ''", []
    return "", []


# --- measuring ---------------------------------------------------------------


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
    only, bare = times(site.search, asked), times(Bare().search, asked)
    say("site, search only", asked, only)
    say("bare Tantivy", asked, bare)
    result["vs_tantivy"] = round(total(only) / total(bare), 2)
    result |= others(options, database, asked, total(only))
    result["similar_ms"] = similar_ms()
    result["matching_s"] = matching_s(rows)
    result |= crowd(options.crowd_seconds)
    return result


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
    from papersite.catalogue.search import language, matching, records

    asked = questions(bench_papers.vary(rows, 5000))
    searches = {
        number: language.parse(f"{asked[number % 200].text} OR {asked[(number * 7) % 200].words[0]}")
        for number in range(500)
    }
    newest = list(Paper.objects.order_by("-pk").values_list("pk", flat=True)[:1500])
    start = time.perf_counter()
    found = matching.find(searches, records.of(newest))
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
