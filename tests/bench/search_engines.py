"""What ``search.py`` asks, in the words of four engines: the site's own, Tantivy, FTS5 and PostgreSQL."""

import random
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import batched, pairwise
from pathlib import Path
from typing import Any

from tests.bench import papers as bench_papers

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


class Site:
    """The site's own search."""

    def whole(self, asked: Asked) -> None:
        """As a page does it: the papers are read too."""
        from papersite.catalogue.search import results

        results.search(asked.text, bench_papers.NEWEST, as_rows=True)

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
