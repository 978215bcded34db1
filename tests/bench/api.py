"""What a page of fifty papers costs below /api/: made anew, as a 304, and how many questions it asks the database.

    uv run --all-groups python tests/bench/api.py [--papers 20000]

Processor time of this process in milliseconds, the middle of many; SQLite and the embedded cache, as on one machine
without anything installed. The last line is JSON.
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

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

TIMES = 100


def measured(ask: Callable[[], Any]) -> float:
    ask()
    spent = []
    for _ in range(TIMES):
        begun = time.process_time()
        ask()
        spent.append(time.process_time() - begun)
    return round(1000 * median(spent), 2)


def costs(paths: dict[str, str]) -> dict[str, dict[str, float]]:
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
        cold = measured(partial(client.get, path))
        settings.PAGES_FRESH_SECONDS = 3600
        etag = {"If-None-Match": client.get(path).headers["ETag"]}
        assert client.get(path, headers=etag).status_code == 304
        known = measured(partial(client.get, path, headers=etag))
        told[name] = {"queries": queries, "cold_ms": cold, "not_modified_ms": known, "bytes": len(answer.content)}
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=20_000)
    count = parser.parse_args().papers
    folder = Path(tempfile.mkdtemp(prefix="papersite-bench-"))
    from tests.bench import web

    try:
        web.set_up(folder)
        from django.conf import settings

        from papersite.web.rates import parse

        settings.LIMITS = settings.LIMITS | {"api": (parse("10000000/m"), parse("10000000/m"))}
        web.fill(count)
        from papersite.catalogue.models import Paper, Topic

        day = Paper.objects.order_by("-announced_at").first()
        assert day is not None
        found = costs(
            {
                "papers": "/api/v1/papers",
                "trending": "/api/v1/trending",
                "day": f"/api/v1/days/{day.announced_at:%Y-%m-%d}/papers",
                "week": f"/api/v1/weeks/{day.announced_at:%G-W%V}/papers",
                "topic": f"/api/v1/topics/{Topic.objects.all()[0].slug}/papers",
                "search": "/api/v1/search?q=language+model",
                "daily_papers": "/api/daily_papers",
            }
        )
        for name, cost in found.items():
            print(f"{name:14} {cost}")
        print(json.dumps({"papers": count, **found}))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
