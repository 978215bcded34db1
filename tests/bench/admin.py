"""How long the desk's pages take and how much they ask, in a large site.

    uv run --all-groups python tests/bench/admin.py [--small | --middle] [--only sqlite|postgres]

A million papers, 100,000 readers and three million deliveries (with ``--middle`` 50,000, 10,000 and 300,000; with
``--small`` 3,000, 1,500 and 22,500), with a search index, on both databases. Every list of admin is asked plain, by
each of its filters, by words, by an address and for its next page; then each model's change page, a reader's story
and the first page. Each figure is the worst page's least time of three (of two with ``--small``), in milliseconds on
the wall:

    list_ms, list_queries      any list, filter, search and next page, with the name of the worst
    change_ms, change_queries  the change pages, a reader's story, an edition
    first_ms, first_queries    the desk's first page over 30 and 365 days; first_cold_ms where nothing is remembered
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
SERVER = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1/postgres"
# Papers, readers, days of deliveries; and how often each page is asked.
SIZES = {"full": (1_000_000, 100_000, 30, 3), "middle": (50_000, 10_000, 30, 3), "small": (3_000, 1_500, 15, 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description="Times the desk's pages and prints a line of JSON.")
    parser.add_argument("--small", action="store_true", help="under 45 seconds")
    parser.add_argument("--middle", action="store_true", help="a twentieth of the papers and a tenth of the rest")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    size = "small" if options.small else "middle" if options.middle else "full"
    if options.here:
        print(json.dumps(measure(*SIZES[size])))
        return
    papers, readers, days, _ = SIZES[size]
    found: dict[str, Any] = {"papers": papers, "readers": readers, "deliveries": readers * days}
    for name in [options.only] if options.only else ["sqlite", "postgres"]:
        figures = in_a_database_of_its_own(name, size)
        found |= {f"{name}_{key}": value for key, value in figures.items()} if figures else {name: None}
    print(json.dumps(found))


def in_a_database_of_its_own(name: str, size: str) -> dict[str, Any] | None:
    with tempfile.TemporaryDirectory() as folder:
        if name == "sqlite":
            return run({"DATA_DIR": folder}, size)
        import psycopg

        database = f"bench_{uuid4().hex[:12]}"
        try:
            server = psycopg.connect(SERVER, autocommit=True)
        except psycopg.OperationalError:
            return None
        with server:
            server.execute(f'CREATE DATABASE "{database}"')
            try:
                return run({"DATA_DIR": folder, "DATABASE_URL": f"{SERVER.rpartition('/')[0]}/{database}"}, size)
            finally:
                server.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


def run(environment: dict[str, str], size: str) -> dict[str, Any]:
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    fixed = {
        "DJANGO_SETTINGS_MODULE": "papersite.settings", "DEBUG": "false", "SECRET_KEY": "for-a-benchmark-" + "x" * 40,
        "LOG_LEVEL": "CRITICAL", "ALLOWED_HOSTS": "testserver", "ADMIN_SECOND_FACTOR": "false", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [sys.executable, __file__, "--here", *([] if size == "full" else [f"--{size}"])]
    done = subprocess.run(command, env=kept | fixed | environment, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


# --- a large site ---------------------------------------------------------------------------------------


def fill(papers: int, readers: int, days: int) -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from papersite.catalogue import tallies
    from papersite.catalogue.database import triggers
    from papersite.catalogue.search import writing
    from papersite.catalogue.search.folder import Folder
    from tests.bench import papers as bench_papers

    with Path(os.devnull).open("w") as nowhere:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("load_topics", stdout=nowhere)
    triggers.remove(connection)
    bench_papers.fill(bench_papers.vary(bench_papers.read()[:papers], papers))
    triggers.install(connection)
    tallies.mend()
    _fill_catalogue(papers)
    _fill_digest(papers, readers, days)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    with writing.writer(Folder(settings.INDEX_DIR)) as writer:
        writer.rebuild()


def _fill_catalogue(papers: int) -> None:
    """A few of many papers hidden, withdrawn, sorted by hand; runs, repositories and numbers of them."""
    from django.db.models import F
    from django.utils import timezone

    from papersite.catalogue.models import Harvest, Paper, PaperTopic, Reading, Reject, Repository

    now = timezone.now()
    Paper.objects.filter(pk__in=range(7, papers, papers // 20)).update(is_hidden=True)
    Paper.objects.filter(pk__in=range(9, papers, papers // 20)).update(is_withdrawn=True)
    PaperTopic.objects.filter(paper__in=range(5, papers, papers // 20)).update(origin="curator", belongs=F("belongs"))
    runs = [
        Harvest(source=f"source {n % 5}", started_at=now - timedelta(hours=n), finished_at=now - timedelta(hours=n))
        for n in range(papers // 200)
    ]
    Harvest.objects.bulk_create(runs, 2000)
    first = Harvest.objects.order_by("pk").values_list("pk", flat=True)[0]
    rejects = (
        Reject(harvest_id=first + n % len(runs), place=f"line {n}", reason="no title") for n in range(papers // 20)
    )
    Reject.objects.bulk_create(rejects, 2000)
    repositories = (Repository(url=f"https://github.com/owner/r{n}", stars=n) for n in range(papers // 10))
    Repository.objects.bulk_create(repositories, 2000)
    readings = (
        Reading(paper_id=1 + n // 3, signal="hf_upvotes", day=now.date() - timedelta(days=n % 3), value=n % 50)
        for n in range(papers // 3)
    )
    Reading.objects.bulk_create(readings, 2000)


def _fill_digest(papers: int, readers: int, days: int) -> None:
    from django.utils import timezone

    from accounts.models import User
    from digest import totals
    from digest.ledger import codec
    from digest.models import (
        DailyTotal,
        Delivery,
        DeliveryItem,
        Follow,
        LedgerMonth,
        MailEvent,
        Subscription,
        Suppression,
    )
    from papersite.catalogue.models import Topic, Vote

    now, chance = timezone.now(), random.Random(4)
    topics = list(Topic.objects.values_list("pk", flat=True))
    User.objects.bulk_create((User(email=f"reader{n}@example.org", password="!") for n in range(readers)), 2000)
    users = list(User.objects.order_by("pk").values_list("pk", flat=True))
    due = now + timedelta(hours=1)
    held = (
        Subscription(reader_id=pk, confirmed_at=now, next_due_on=due.date(), next_due_at=due, time_zone="Europe/Berlin")
        for pk in users
    )
    Subscription.objects.bulk_create(held, 2000)
    subscriptions = list(Subscription.objects.order_by("pk").values_list("pk", flat=True))
    follows = (
        Follow(subscription_id=pk, kind="topic", topic_id=one)
        for pk in subscriptions
        for one in chance.sample(topics, 5)
    )
    Follow.objects.bulk_create(follows, 2000)
    months = (
        LedgerMonth(subscription_id=pk, month=now.date().replace(day=1), items=codec.encode([]), paper_count=0)
        for pk in subscriptions
    )
    LedgerMonth.objects.bulk_create(months, 2000)
    for back in range(days - 1, -1, -1):
        day = now.date() - timedelta(days=back)
        rows = (_delivery(pk, day, now - timedelta(days=back)) for pk in subscriptions)
        Delivery.objects.bulk_create(rows, 5000)
    newest = list(Delivery.objects.order_by("-pk").values_list("pk", "subscription")[: 2 * readers])
    items = (
        DeliveryItem(delivery_id=pk, subscription_id=of, paper_id=1 + (pk * 3 + place) % papers, position=place)
        for pk, of in newest
        for place in range(3)
    )
    DeliveryItem.objects.bulk_create(items, 5000, ignore_conflicts=True)
    votes = (Vote(paper_id=1 + n % papers, reader_id=users[n % readers]) for n in range(readers * 3))
    Vote.objects.bulk_create(votes, 2000, ignore_conflicts=True)
    Vote.objects.filter(pk__in=range(3, readers, readers // 20)).update(is_counted=False)
    events = (
        MailEvent(event_id=f"e{n}", source="esp", kind="soft", address_hash=f"{n:064}", said="450 try later")
        for n in range(readers // 2)
    )
    MailEvent.objects.bulk_create(events, 2000)
    stopped = (Suppression(address_hash=f"{n:064}", reason="It bounced.") for n in range(readers // 5))
    Suppression.objects.bulk_create(stopped, 2000)
    counted = [
        DailyTotal(day=now.date() - timedelta(days=back), name=name, value=back + 1)
        for back in range(366)
        for name in (totals.SENT, totals.EMPTY, totals.FAILED, totals.SIGN_UPS, totals.LEAVERS)
    ]
    DailyTotal.objects.bulk_create(counted, 2000)


def _delivery(subscription: int, day: Any, at: Any) -> Any:
    """One in ten thousand failed, was skipped, or is uncertain; one in twenty brought nothing."""
    from digest.models import Delivery

    place = (subscription + day.toordinal()) % 10_000
    state = {1: "failed", 2: "skipped"}.get(place, "empty" if place % 20 == 3 else "sent")
    reason = "" if state == "sent" else "Nothing new."
    return Delivery(
        subscription_id=subscription, day=day, state=state, reason=reason, due_at=at, settled_at=at, key=uuid4(),
        is_uncertain=place == 5,
    )  # fmt: skip


# --- its pages ------------------------------------------------------------------------------------------


class Figures:
    """The worst of each kind of page, and where it was."""

    def __init__(self, client: Any, times: int) -> None:
        self.client = client
        self.times = times
        self.worst: dict[str, tuple[float, str]] = {}
        self.pages = 0

    def ask(self, kind: str, url: str) -> Any:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        times = []
        for _ in range(self.times):
            with CaptureQueriesContext(connection) as asked:
                begun = time.perf_counter()
                answer = self.client.get(url)
                times.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, f"{url}: {answer.status_code}"
        self.pages += 1
        if kind == "first" and self.pages % 2:
            # What is counted over many rows is remembered for a minute: told apart.
            kind = "first_cold"
        for what, figure in ((f"{kind}_ms", min(times)), (f"{kind}_queries", float(len(asked)))):
            self.worst[what] = max(self.worst.get(what, (0.0, "")), (figure, url))
        return answer

    def told(self) -> dict[str, Any]:
        figures: dict[str, Any] = {"pages": self.pages}
        for name, (figure, url) in self.worst.items():
            figures |= {name: round(figure), f"{name}_of": url}
        return figures


def measure(papers: int, readers: int, days: int, times: int) -> dict[str, Any]:
    import django

    django.setup()
    fill(papers, readers, days)
    from digest.models import Subscription

    staff, client = signed_in()
    figures = Figures(client, times)
    for query in ("", "", "?days=365", "?days=365"):
        figures.ask("first", f"/admin/{query}")
    for url, model_admin in lists():
        figures.ask("list", url)
        shown = model_admin.get_changelist_instance(request_of(staff, url))
        choices = [some([one["query_string"] for one in spec.choices(shown)]) for spec in shown.filter_specs]
        searches = ["?q=graph", "?q=reader77%40example.org", "?q=zzzz"]
        for query in [*(one for of_filter in choices for one in of_filter), *searches, shown_next(shown)]:
            figures.ask("list", f"{url}{query}")
        if row := shown.result_list[:1]:
            figures.ask("change", f"{url}{quote(str(row[0].pk))}/change/")
    reader = Subscription.objects.order_by("pk")[77]
    figures.ask("change", f"/admin/digest/subscription/{reader.pk}/story/")
    return figures.told()


def signed_in() -> tuple[Any, Any]:
    """A superuser, and their browser."""
    from accounts.models import User
    from tests.conftest import signed_in as come_in

    staff = User.objects.create(email="staff@example.org", is_staff=True, is_superuser=True, password="!")
    return staff, come_in(staff)


def request_of(staff: Any, url: str) -> Any:
    from django.test import RequestFactory

    request = RequestFactory().get(url)
    request.user = staff
    return request


def lists() -> Iterator[tuple[str, Any]]:
    from django.contrib import admin

    for model, model_admin in admin.site._registry.items():
        yield f"/admin/{model._meta.app_label}/{model._meta.model_name}/", model_admin


def some(choices: list[str]) -> list[str]:
    """The first is that of no filter."""
    return choices[1:4] + choices[4:][-1:]


def shown_next(shown: Any) -> str:
    return getattr(shown, "older_url", "") or "?"


if __name__ == "__main__":
    main()
