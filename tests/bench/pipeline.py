"""How fast the main job is: papers in, deliveries planned, mails out, each beside the least it could cost.

    uv run --all-groups python tests/bench/pipeline.py [--small]

The last line is JSON. ``import_vs_parse`` is the time of an import over that of only reading
its records; ``drain_vs_compose`` that of sending through the ledger into files over that of only
making the mails. All parts of a ratio are timed in one run; SQLite, one process, cold catalogue.
"""

import argparse
import io
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from digest.types import Outcome


def main() -> None:
    parser = argparse.ArgumentParser(description="Times the main job and prints a line of JSON.")
    parser.add_argument("--small", action="store_true", help="under 45 seconds")
    is_small = parser.parse_args().small
    with tempfile.TemporaryDirectory() as folder:
        set_up(folder)
        print(json.dumps(measure(papers=1000 if is_small else 10_000, readers=300 if is_small else 3000)))


def set_up(folder: str) -> None:
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "papersite.settings", "DEBUG": "false"}
    os.environ |= {"SECRET_KEY": "for-a-benchmark", "LOG_LEVEL": "ERROR"}
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
    import django
    from django.core.management import call_command

    django.setup()
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    call_command("load_topics", stdout=io.StringIO())


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def lines(count: int) -> list[str]:
    """Papers of the size of real ones: about 1,100 characters of abstract."""
    words = ["graph", "network", "speech", "image", "robot", "protein", "diffusion", "language", "model", "proof"]
    abstract = " ".join(words * 12)
    return [
        json.dumps(
            {
                "id": f"26{1 + number // 90_000:02}.{10_000 + number:05}",
                "title": f"{words[number % 10]} {words[number % 7]} study number {number}",
                "abstract": f"{abstract} {number}",
                "authors": [f"Author {number % 5000} Name", f"Second {number % 3000}"],
                "categories": ["cs.LG", "cs.AI"],
                "announced_at": f"2026-11-{1 + number % 23:02}",
            }
        )
        for number in range(count)
    ]


def measure(papers: int, readers: int) -> dict[str, float]:
    from digest.planning import planner
    from digest.sending import claims, drain
    from papersite.catalogue import ingest
    from papersite.catalogue.sources import jsonl

    text = lines(papers)
    parse_s, records = timed(lambda: list(jsonl.read(text, origin="bench")))
    import_s, _ = timed(lambda: ingest.run(records, source="bench"))
    again_s, _ = timed(lambda: ingest.run(records, source="bench"))
    subscribe(readers)
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    plan_s, planned = timed(lambda: planner.open_deliveries(now))
    assert planned == readers
    run = drain.Run(lambda: now, lambda: False)
    compose_s = 0.0
    while batch := claims.claim(run.worker, now, 100):
        seconds, messages = timed(lambda batch=batch: list(drain.prepare(run, batch, as_bytes=False)))  # type: ignore[misc]
        assert len(messages) == len(batch)
        compose_s += seconds
        for message in messages:
            run.settle(message.claim, Outcome("due", not_before=now + timedelta(hours=1)))
    later = now + timedelta(hours=1)
    drain_s, drained = timed(lambda: drain.drain_due(lambda: later))
    assert drained.counts == {"sent": readers}
    return {
        "papers": papers,
        "import_per_s": round(papers / import_s),
        "import_vs_parse": round(import_s / parse_s, 1),
        "again_vs_import": round(again_s / import_s, 2),
        "readers": readers,
        "plan_per_s": round(readers / plan_s),
        "drain_per_s": round(readers / drain_s),
        "drain_vs_compose": round(drain_s / compose_s, 2),
    }


def subscribe(count: int) -> None:
    """Readers due at 08:00 of 2026-11-24, each of five topics, trending overall and one of three searches."""
    from accounts.models import User
    from digest.models import Follow, Subscription
    from papersite.catalogue.models import Topic

    since = datetime(2026, 11, 1, tzinfo=UTC)
    users = User.objects.bulk_create([User(email=f"reader{number}@example.org") for number in range(count)])
    due = datetime(2026, 11, 24, 8, tzinfo=UTC)
    subscriptions = Subscription.objects.bulk_create(
        [Subscription(reader=user, confirmed_at=since, next_due_on=due.date(), next_due_at=due) for user in users]
    )
    topics = list(Topic.objects.values_list("pk", flat=True))
    searches = ["graph OR protein", '"language model"', "speech -robot"]
    Follow.objects.bulk_create(
        [
            Follow(subscription=one, kind="topic", topic_id=topics[(number * 7 + step) % len(topics)])
            for number, one in enumerate(subscriptions)
            for step in range(5)
        ]
        + [Follow(subscription=one, kind="trending") for one in subscriptions]
        + [
            Follow(subscription=one, kind="search", search=searches[number % 3])
            for number, one in enumerate(subscriptions)
        ]
    )


if __name__ == "__main__":
    main()
