"""Runs that fold the ledger two at a time and are killed at any moment: nothing is lost, nothing stands twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site import Site

pytestmark = [pytest.mark.long, pytest.mark.processes]

READERS, DAYS, PAPERS = 30, 4, 5

# All in one process of the site, which forks two at a time and kills both. ``expected`` is what was sent.
FOLD_AND_KILL = """
import json, os, random, select, signal, time
from datetime import UTC, date, datetime, timedelta
from django.db import connection
from accounts.models import User
from digest.ledger import folding, history
from digest.models import Delivery, DeliveryItem, LedgerMonth, Subscription
from papersite.catalogue.models import Paper

NOW = datetime(2026, 11, 23, tzinfo=UTC)
papers = Paper.objects.bulk_create(Paper(title=f"Paper {n}", content_key=f"{n}") for n in range(DAYS * PAPERS))
users = User.objects.bulk_create(User(email=f"reader{n}@example.org", password="!") for n in range(READERS))
readers = Subscription.objects.bulk_create(Subscription(reader=user) for user in users)
for number in range(DAYS):
    day = date(2026, 6, 3) + timedelta(days=9 * number)
    for one in readers:
        delivery = Delivery.objects.create(subscription=one, day=day, due_at=NOW, state="sent")
        DeliveryItem.objects.bulk_create(
            DeliveryItem(delivery=delivery, subscription=one, paper=paper, position=place, reasons=[["topic", "A"]])
            for place, paper in enumerate(papers[number * PAPERS : (number + 1) * PAPERS])
        )

def everything():
    return [history.of_reader(one.pk) for one in readers]

# Enough for a few readers: some runs are killed early, some nearly at their end.
STATEMENTS = 40

def child(left):
    # A process that folds, and after so many statements says so and stays where it is.
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return reading, pid
    os.close(reading)
    folding.READERS, folding.PAUSE = 1, 0.0

    def count(execute, *statement):
        nonlocal left
        if left == 0:
            os.write(writing, b"here")
            time.sleep(60)
        left -= 1
        return execute(*statement)

    with connection.execute_wrapper(count):
        folding.fold(NOW)
    os._exit(0)

expected, chance, kills, wrong, broken = everything(), random.Random(5), 0, 0, 0
while DeliveryItem.objects.exists() and kills < 30:
    connection.close()
    children = dict(child(chance.randrange(STATEMENTS)) for _ in range(2))
    while children:
        # The other one may be waiting for what this one holds: whoever is there first dies first.
        for reading in select.select(list(children), [], [], 60)[0]:
            pid = children.pop(reading)
            # It says nothing where it came to its end before that.
            if os.read(reading, 4):
                os.kill(pid, signal.SIGKILL)
            os.close(reading)
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            kills += status == -signal.SIGKILL
            broken += status > 0
    wrong += everything() != expected
folding.fold(NOW)
wrong += everything() != expected
print(json.dumps({
    "kills": kills, "broken": broken, "wrong": wrong, "rows": DeliveryItem.objects.count(),
    "kept": sum(LedgerMonth.objects.values_list("paper_count", flat=True)),
}))
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    site.close()


def test_folding_that_is_killed_again_and_again_ends_with_everything(site: Site) -> None:
    found = site.python(f"READERS, DAYS, PAPERS = {READERS}, {DAYS}, {PAPERS}\n{FOLD_AND_KILL}")

    assert found.pop("kills") > 1
    assert found == {"broken": 0, "wrong": 0, "rows": 0, "kept": READERS * DAYS * PAPERS}
