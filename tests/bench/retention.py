"""What the ledger costs: bytes a digest with rows of their own and folded, how fast it folds, what choosing pays.

    uv run --all-groups python tests/bench/retention.py [--small] [--readers N] [--days N] [--only NAME…]

Every reader gets twelve papers a day for some months; all but the last weeks are folded. Sizes are of
tables and indexes after VACUUM. ``room_ratio`` is what a digest takes with its own rows over what it
takes folded, its delivery included; ``items_ratio`` the same without; ``old_batch_ratio`` is how much
longer it takes to gather a batch of 200 when old papers are news. The last line is JSON.

PostgreSQL is that of ``DATABASE_URL``, or the local one; a database of its own is made and dropped.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1/postgres"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
PAPERS, A_DAY, TOPICS, FOLLOWED, BATCH = 12, 300, 300, 5, 200
TABLES = ("digest_deliveryitem", "digest_delivery", "digest_ledgermonth", "digest_mailedpaper")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the room and time of the ledger, and prints a line of JSON.")
    parser.add_argument("--small", action="store_true", help="under 45 seconds")
    parser.add_argument("--readers", type=int, default=0)
    parser.add_argument("--days", type=int, default=0)
    parser.add_argument("--only", nargs="*", default=["sqlite", "postgres"])
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    readers = options.readers or (40 if options.small else 500)
    # As many as are kept, and one or two whole months before them.
    days = options.days or (146 if options.small else 177)
    if options.here:
        print(json.dumps(measure(readers, days)))
        return
    found = {name: in_a_database_of_its_own(name, readers, days) for name in options.only}
    print(json.dumps({"readers": readers, "days": days, **worst(found)}))


def worst(found: dict[str, dict[str, float]]) -> dict[str, float]:
    """The figures by database, and the poorer one's ratios."""
    result = {f"{name}_{key}": value for name, figures in found.items() for key, value in figures.items()}
    for key, poorer in (("room_ratio", min), ("items_ratio", min), ("old_batch_ratio", max)):
        result[key] = poorer(figures[key] for figures in found.values())
    return result


def in_a_database_of_its_own(name: str, readers: int, days: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        if name == "sqlite":
            return run({"DATA_DIR": folder}, readers, days)
        import psycopg

        database = f"bench_{uuid4().hex[:12]}"
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"')
            try:
                url = f"{SERVER.rpartition('/')[0]}/{database}"
                return run({"DATA_DIR": folder, "DATABASE_URL": url}, readers, days)
            finally:
                connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


def run(environment: dict[str, str], readers: int, days: int) -> dict[str, float]:
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    command = [sys.executable, __file__, "--here", "--readers", str(readers), "--days", str(days)]
    fixed = {
        "DJANGO_SETTINGS_MODULE": "papersite.settings", "DEBUG": "false", "SECRET_KEY": "for-a-benchmark",
        "LOG_LEVEL": "ERROR", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    answer = subprocess.run(
        command, env=kept | fixed | environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    *said, last = answer.stdout.splitlines()
    print("\n".join(said), flush=True)
    return json.loads(last)  # type: ignore[no-any-return]


def measure(readers: int, days: int) -> dict[str, float]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    fill(readers, days)
    vendor, digests = connection.vendor, readers * days
    before = sizes()
    seconds, longest, papers = fold_all()
    after = sizes()
    folded = papers / PAPERS
    items = before["digest_deliveryitem"] / digests
    delivery = before["digest_delivery"] / digests
    # One row a paper, however many readers there are: room for a few megabytes, and no part of a digest.
    month = after["digest_ledgermonth"] / folded
    usual, old = gather_twice()
    say(f"{vendor}: {digests} digests of {PAPERS} papers, {folded:.0f} of them folded")
    say(f"  bytes a digest: its delivery {delivery:.0f}, its rows {items:.0f}, its share of a month {month:.0f}")
    say(
        f"  folded {papers / seconds:.0f} papers/s, {folded / seconds:.0f} digests/s, the longest batch {longest:.3f} s"
    )
    say(f"  a batch of {BATCH}: {usual:.1f} ms, with old papers in the news {old:.1f} ms")
    year(delivery, items, month)
    return {
        "delivery_bytes": round(delivery), "item_bytes": round(items), "folded_bytes": round(month),
        "room_ratio": round((delivery + items) / (delivery + month), 1), "items_ratio": round(items / month, 1),
        "digests_per_s": round(folded / seconds), "longest_batch_ms": round(longest * 1000),
        "batch_ms": round(usual, 1), "old_batch_ms": round(old, 1), "old_batch_ratio": round(old / usual, 2),
    }  # fmt: skip


def year(delivery: float, items: float, month: float) -> None:
    """Of daily readers: a year of deliveries, the rows of some 107 days, months for the rest."""
    for readers in (100_000, 1_000_000):
        rows = readers * 107
        total = readers * 365 * delivery + rows * items + (readers * 365 - rows) * month
        say(
            f"  a year of {readers} readers: {total / 1e9:.0f} GB, of which "
            f"deliveries {readers * 365 * delivery / 1e9:.0f}, "
            f"rows {rows * items / 1e9:.0f} ({rows * PAPERS / 1e6:.0f} million), "
            f"months {(readers * 365 - rows) * month / 1e9:.1f} ({readers * 12 / 1e6:.1f} million); "
            f"unfolded it were {readers * 365 * (delivery + items) / 1e9:.0f} GB"
        )


def say(text: str) -> None:
    print(text, flush=True)


def fill(readers: int, days: int) -> None:
    from accounts.models import User
    from digest.models import Follow, Subscription
    from papersite.catalogue.models import Paper, PaperTopic, Topic

    chance = random.Random(7)
    first = NOW.date() - timedelta(days=days - 1)
    topics = Topic.objects.bulk_create(
        Topic(name=f"Learning of the kind {number}", slug=f"kind-{number}") for number in range(TOPICS)
    )
    moments = [NOW - timedelta(days=days - 1 - number, hours=6) for number in range(days)]
    papers = Paper.objects.bulk_create(
        Paper(
            title=f"On the {number}th way to learn on day {day}", content_key=f"{day}-{number}", announced_at=moment,
            heat=day * 24 + chance.random() * 20,
        )
        for day, moment in enumerate(moments)
        for number in range(A_DAY)
    )  # fmt: skip
    for moment in moments:
        Paper.objects.filter(announced_at=moment).update(added_at=moment)
    PaperTopic.objects.bulk_create(
        PaperTopic(paper=paper, topic=topic, origin="search")
        for paper in papers[-10 * A_DAY :]
        for topic in chance.sample(topics, 2)
    )
    users = User.objects.bulk_create(
        User(email=f"reader{number}@example.org", password="!") for number in range(readers)
    )
    subscriptions = Subscription.objects.bulk_create(Subscription(reader=user, confirmed_at=NOW) for user in users)
    follows = {one.pk: chance.sample(topics, FOLLOWED) for one in subscriptions}
    Follow.objects.bulk_create(
        Follow(subscription_id=pk, kind="topic", topic=topic) for pk, held in follows.items() for topic in held
    )
    for number in range(days):
        ids = [paper.pk for paper in papers[number * A_DAY : (number + 1) * A_DAY]]
        send(first + timedelta(days=number), follows, ids, chance)


def send(day: date, follows: dict[int, list[Any]], ids: list[int], chance: random.Random) -> None:
    """The rows of a day's digests, written in the steps in which the engine writes them."""
    from django.db import transaction

    from digest.database import bulk
    from digest.models import Delivery

    due = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    with transaction.atomic():
        bulk.add_deliveries([(pk, day, due, "due", "", None) for pk in follows])
        today = Delivery.objects.filter(day=day)
        today.update(state="claimed", claimed_by=uuid4().hex, lease_until=due, assembled_at=due)
        made = list(today.order_by("pk").values_list("pk", "subscription"))
        items = [
            (pk, subscription_id, paper, position, reasons(follows[subscription_id], chance))
            for pk, subscription_id in made
            for position, paper in enumerate(chance.sample(ids, PAPERS))
        ]
        bulk.add_items(items, {pk: beside(follows[subscription_id], chance) for pk, subscription_id in made})
    subject = "On the 123rd way to learn what is said in a title and 11 more"
    today.update(state="sending", subject=subject, attempts=1)
    today.update(state="sent", claimed_by="", lease_until=None, accepted_count=1, settled_at=due)


def reasons(topics: list[Any], chance: random.Random) -> tuple[tuple[str, str], ...]:
    return tuple(("topic", topic.name) for topic in chance.sample(topics, 1 if chance.random() < 0.75 else 2))


def beside(topics: list[Any], chance: random.Random) -> str:
    """What did not fit of each topic."""
    from digest.ledger import remainders
    from digest.types import Remainder

    return remainders.dumps([Remainder("topic", topic.name, chance.randint(1, 40)) for topic in topics])


def sizes() -> dict[str, int]:
    """Bytes of each table with its indexes, dead rows and free room apart."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in TABLES:
                # What plain VACUUM leaves free is filled again by the next day's rows.
                cursor.execute(f"VACUUM FULL {table}")
            cursor.execute("VACUUM ANALYZE")
            cursor.execute(
                "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relname = ANY(%s)", [list(TABLES)]
            )
        else:
            cursor.execute("VACUUM")
            cursor.execute(
                "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name"
                " GROUP BY m.tbl_name"
            )
        found = dict(cursor.fetchall())
    return {table: int(found[table]) for table in TABLES}


def fold_all() -> tuple[float, float, int]:
    """How long it took, how long the longest batch, and how many papers were folded."""
    from digest.ledger import folding
    from digest.models import DeliveryItem

    folding.PAUSE = 0.0
    real: Callable[..., int] = folding._fold
    took: list[float] = []

    def timed(*args: Any) -> int:
        began = time.perf_counter()
        count = real(*args)
        took.append(time.perf_counter() - began)
        return count

    vars(folding)["_fold"] = timed
    before = DeliveryItem.objects.count()
    began = time.perf_counter()
    assert folding.fold(NOW) is None
    return time.perf_counter() - began, max(took), before - DeliveryItem.objects.count()


def gather_twice() -> tuple[float, float]:
    """Milliseconds for a usual batch, and for one on a day with old picks, which sends it to the months."""
    from digest.choosing import inputs
    from digest.choosing.rankings import Rankings
    from digest.editions import editing
    from digest.models import Edition, Pick, Subscription
    from digest.types import Claim
    from papersite.catalogue.models import Paper

    day = NOW.date() + timedelta(days=1)
    subscriptions = Subscription.objects.order_by("pk").values_list("pk", flat=True)[:BATCH]
    claims = [Claim(pk, day, pk, NOW, cap=PAPERS) for pk in subscriptions]

    def milliseconds() -> float:
        rankings = Rankings()
        inputs.gather(claims, rankings, NOW)  # what is read once a minute
        return statistics.median(timed(rankings) for _ in range(9))

    def timed(rankings: Any) -> float:
        began = time.perf_counter()
        inputs.gather(claims, rankings, NOW)
        return (time.perf_counter() - began) * 1000

    usual = milliseconds()
    edition = Edition.objects.create(day=day)
    for paper in Paper.objects.order_by("pk")[:3]:
        Pick.objects.create(edition=edition, paper=paper, is_for_all=True)
    editing.freeze(edition, what="Picked", by=None, now=NOW)
    return usual, milliseconds()


if __name__ == "__main__":
    main()
