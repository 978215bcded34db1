"""What programs cost: a page of fifty papers below /api/, a feed of as many, and all sitemaps one after the other.

    uv run --all-groups python tests/bench/api.py [--small] [--papers 20000] [--sitemaps] [--keep FOLDER]

Pages and feeds: made anew, as a 304, and how many questions they ask the database; processor time of this process
in milliseconds, the middle of many. Feeds are those of the largest topic, category and author; they hold the whole
newest day, so that in a large catalogue there are more than fifty ``entries``. Sitemaps: their addresses and files,
MB, seconds of processor for all, of the largest the milliseconds to its first byte, and the MB of memory that this
process grew by. With ``--sitemaps`` nothing else is done, without a search index: a million papers are made and told
in minutes. SQLite and the embedded cache, as on one machine without anything installed; ``--small`` takes 2,000
papers and less than 45 s. The last line is JSON.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def measured(ask: Callable[[], Any], times: int) -> float:
    ask()
    spent = []
    for _ in range(times):
        begun = time.process_time()
        ask()
        spent.append(time.process_time() - begun)
    return round(1000 * median(spent), 2)


def costs(paths: dict[str, str], times: int) -> dict[str, dict[str, float]]:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, told = Client(HTTP_HOST="localhost"), {}
    for name, path in paths.items():
        settings.PAGES_FRESH_SECONDS = 0
        with CaptureQueriesContext(connection) as asked:
            answer: Any = client.get(path)
            queries = len(asked)
        assert answer.status_code == 200, answer.content
        cold = measured(partial(client.get, path), times)
        settings.PAGES_FRESH_SECONDS = 3600
        etag = {"If-None-Match": client.get(path).headers["ETag"]}
        assert client.get(path, headers=etag).status_code == 304
        known = measured(partial(client.get, path, headers=etag), times)
        told[name] = {"queries": queries, "cold_ms": cold, "not_modified_ms": known, "bytes": len(answer.content)}
        if name.endswith("_feed"):
            told[name]["entries"] = answer.content.count(b"<entry>")
    return told


def pages() -> dict[str, str]:
    """Addresses of API pages and of feeds, of the largest topic, category and author."""
    from django.db.models import Count

    from papersite.catalogue.models import Author, Authorship, Category, Paper, PaperCategory, PaperTopic, Topic

    def largest(links: Any, of: str) -> int:
        return int(links.values_list(of).annotate(rows=Count("pk")).order_by("-rows")[0][0])

    topic = Topic.objects.get(pk=largest(PaperTopic.objects, "topic"))
    category = Category.objects.get(pk=largest(PaperCategory.objects, "category"))
    author = Author.objects.get(pk=largest(Authorship.objects.order_by(), "author"))
    day = Paper.objects.order_by("-announced_at").values_list("announced_at", flat=True)[0]
    api = {
        "papers": "papers",
        "trending": "trending",
        "day": f"days/{day:%Y-%m-%d}/papers",
        "week": f"weeks/{day:%G-W%V}/papers",
        "topic": f"topics/{topic.slug}/papers",
        "search": "search?q=language+model",
    }
    lists = {"site": "/", "topic": topic.get_absolute_url(), "category": category.get_absolute_url()}
    lists["author"] = author.get_absolute_url()
    return (
        {name: f"/api/v1/{path}" for name, path in api.items()}
        | {"daily_papers": "/api/daily_papers"}
        | {f"{name}_feed": f"{path}feed/" for name, path in lists.items()}
    )


def sitemaps() -> dict[str, float]:
    """All that the index names, each to its end, as a server takes them: piece by piece."""
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    begun, first, waited = time.process_time(), 0.0, 0.0
    length, count, most = 0, 0, 0
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)
    files = [row.findtext("{*}loc", "") for row in index]
    before = grown = anonymous_mb()
    for file in files:
        asked = time.process_time()
        answer: Any = client.get("/" + file.split("/", 3)[3])
        assert answer.status_code == 200, file
        rows = 0
        for place, piece in enumerate(answer):
            if not place:
                waited = time.process_time() - asked
            length += len(piece)
            rows += piece.count(b"<url>")
            grown = max(grown, anonymous_mb())
        most, first = max((most, first), (rows, waited))
        count += rows
    return {
        "addresses": count, "files": len(files), "mb": round(length / 1e6, 1),
        "cpu_s": round(time.process_time() - begun, 2), "first_byte_ms": round(1000 * first, 1),
        "grown_mb": round(grown - before, 1),
    }  # fmt: skip


def anonymous_mb() -> float:
    """Memory of this process that is no file's."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="2,000 papers, all in less than 45 s")
    parser.add_argument("--papers", type=int, default=0)
    parser.add_argument("--sitemaps", action="store_true", help="these alone, without a search index")
    parser.add_argument("--keep", type=Path, help="a folder that stays, for the next run")
    options = parser.parse_args()
    count = options.papers or (2_000 if options.small else 20_000)
    folder = options.keep or Path(tempfile.mkdtemp(prefix="papersite-bench-"))
    from tests.bench import web

    try:
        web.set_up(folder)
        from django.conf import settings

        from papersite.web.rates import parse

        settings.LIMITS = settings.LIMITS | {"api": (parse("10000000/m"), parse("10000000/m"))}
        found: dict[str, Any] = {}
        if options.sitemaps:
            web.fill_papers(count)
        else:
            web.fill(count)
            found |= costs(pages(), 20 if options.small else 100)
        found["sitemaps"] = sitemaps()
        for name, cost in found.items():
            print(f"{name:14} {cost}")
        print(json.dumps({"catalogue": count, **found}))
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
