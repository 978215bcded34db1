"""Papers in any number, made from real ones, and put into the site's database by the shortest way."""

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
NEWEST = datetime(2026, 11, 20, tzinfo=UTC)
OLDEST_DAYS = 2500
BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Made:
    """One paper that was made."""

    number: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    category: str
    announced_at: datetime
    has_code: bool

    @property
    def size(self) -> int:
        """Characters of text."""
        return len(self.title) + len(self.abstract) + sum(map(len, self.authors))


def read(data: Path = DATA) -> list[dict[str, Any]]:
    """Real papers where they lie beside the project, else those of the sample."""
    path = data / "arxiv" / "arxiv_cs_2025_2026.jsonl.gz"
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return [json.loads(line) for line in file]
    sample = ROOT / "papersite" / "catalogue" / "sample" / "papers.jsonl"
    rows = map(json.loads, sample.read_text(encoding="utf-8").splitlines())
    return [
        {"authors": ["Ada Byron"], "categories": ["cs.LG"], "abstract": row.get("summary", ""), **row} for row in rows
    ]


def vary(rows: list[dict[str, Any]], count: int) -> Iterator[Made]:
    """The real papers, then others: sentences of papers of one category and halves of their titles, so that
    words are as frequent as in life. The same papers every time."""
    chance = random.Random(1)
    pools: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        row["sentences"] = re.split(r"(?<=[.!?]) +", row["abstract"])
        pools.setdefault(row["categories"][0], []).append(row)
    for number in range(1, count + 1):
        row = rows[(number - 1) % len(rows)]
        pool = pools[row["categories"][0]]
        title, abstract = row["title"], row["abstract"]
        if number > len(rows):
            first, second = chance.choice(pool)["title"].split(), title.split()
            title = " ".join(first[: len(first) // 2] + second[len(second) // 2 :]) or title
            abstract = " ".join(chance.choice(chance.choice(pool)["sentences"]) for _ in row["sentences"])
        age = timedelta(days=int(chance.triangular(0, OLDEST_DAYS, 0)), seconds=chance.randrange(80_000))
        authors = tuple(dict.fromkeys(name[:200] for name in chance.choice(pool)["authors"][:10]))
        yield Made(number, title, abstract, authors, row["categories"][0], NEWEST - age, chance.random() < 0.3)


def fill(papers: Iterator[Made], *, at_once: int = BATCH) -> int:
    """Puts papers into the site's database, under topics by chance; the characters of text they have."""
    from django.db import connection, transaction

    from papersite.catalogue.database import bulk
    from papersite.catalogue.models import Author, Authorship, Category, PaperCategory, PaperTopic, Topic

    def day(paper: Made) -> Any:
        return connection.ops.adapt_datetimefield_value(paper.announced_at)

    topics = list(Topic.objects.values_list("pk", flat=True))
    authors: dict[str, int] = {}
    chance = random.Random(2)
    size = 0
    of_month: Counter[str] = Counter()
    for some in batched(papers, at_once):
        size += sum(paper.size for paper in some)
        known = len(authors)
        for paper in some:
            for name in paper.authors:
                authors.setdefault(name, len(authors) + 1)
        codes = sorted({paper.category for paper in some})
        Category.objects.bulk_create([Category(code=code) for code in codes], ignore_conflicts=True)
        categories = dict(Category.objects.values_list("code", "pk"))
        new = list(authors.items())[known:]
        with transaction.atomic():
            # Numbered by the database as they were made: it starts empty.
            rows = [_row(paper, categories, chance, of_month) for paper in some]
            bulk.create(rows)
            bulk.insert(Author, ("id", "name", "key"), [(pk, name, f"{name.lower()[:180]} {pk}") for name, pk in new])
            bulk.insert(
                Authorship,
                ("paper", "author", "position", "announced_at"),
                [(p.number, authors[name], place, day(p)) for p in some for place, name in enumerate(p.authors)],
            )
            bulk.insert(
                PaperCategory,
                ("paper", "category", "heat", "announced_at"),
                [(p.number, categories[p.category], row.heat, day(p)) for p, row in zip(some, rows, strict=True)],
            )
            bulk.insert(
                PaperTopic,
                ("paper", "topic", "origin", "belongs", "why", "heat", "announced_at"),
                [
                    (
                        p.number,
                        topics[min(int(chance.expovariate(0.12)), len(topics) - 1)],
                        "search",
                        True,
                        "",
                        row.heat,
                        day(p),
                    )
                    for p, row in zip(some, rows, strict=True)
                    for _ in range(2)
                ],
            )
    return size


def _row(paper: Made, categories: dict[str, int], chance: random.Random, of_month: Counter[str]) -> Any:
    from papersite.catalogue import trending
    from papersite.catalogue.models import Paper
    from papersite.catalogue.reading import excerpts

    month = f"{paper.announced_at:%y%m}"
    of_month[month] += 1
    return Paper(
        arxiv_id=f"{month}.{of_month[month]:05}",
        content_key=f"made {paper.number}",
        title=paper.title,
        abstract=paper.abstract,
        excerpt=excerpts.leading(paper.abstract),
        announced_at=paper.announced_at,
        heat=trending.hours(paper.announced_at) + chance.expovariate(0.1),
        code_url=f"https://github.com/owner/r{paper.number}" if paper.has_code else "",
        primary_category_id=categories[paper.category],
        needs_sorting=False,
    )
