"""A site is restored from a backup that is older than its morning's mail: nobody is mailed twice."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import migrated
from tests.site import Site

pytestmark = pytest.mark.processes

READERS = [f"reader{number}@example.org" for number in range(12)]
# The morning as beat makes it: what is due by the plan and not by hand.
MORNING = """
from datetime import timedelta
from django.utils import timezone
from digest.models import Delivery, Subscription
due = timezone.now() - timedelta(minutes=5)
Delivery.objects.all().delete()
Subscription.objects.update(next_due_on=due.date(), next_due_at=due, send_at=due.time(), time_zone="UTC")
print("{}")
"""
WAKE = """
from django.utils import timezone
from digest.planning import planner
from digest.sending import high_water, relay
from digest.sending.drain import drain_due
now = timezone.now()
for _ in range(MINUTES):
    high_water.check(now)
    high_water.advance(now)
planner.open_deliveries(now)
drain_due()
print("{}")
"""
TOMORROW = """
from datetime import timedelta
import time_machine
from django.utils import timezone
from digest.models import Relay
Relay.objects.update(is_paused=False)
time_machine.travel(timezone.now() + timedelta(days=1)).start()
"""
CLOSE_ACCOUNTS = """
from accounts import closing
from accounts.models import User
for user in User.objects.filter(email__in=ADDRESSES):
    closing.close(user)
print("{}")
"""
# A stranger's browser: what each link of the mails that are lost shows, and whom it unsubscribes.
CLICK = """
import json
from django.conf import settings
from django.test import Client
from digest.models import Subscription
settings.ALLOWED_HOSTS = ["*"]
client = Client()
answers = []
for token in TOKENS:
    for page in ("", "unsubscribe/", "less/", "resubscribe/"):
        answer = client.get(f"/d/{token}/") if not page else client.post(f"/d/{token}/{page}", {"choice": "five"})
        answers.append([answer.status_code, "not known here" in answer.content.decode()])
print(json.dumps({"answers": answers, "left": Subscription.objects.exclude(ended_at=None).count()}))
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    site.start_sink()
    yield site
    site.close()


class Backup:
    """Of the database alone, as operators keep it: SQLite's file, or a copy on the server."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.name = f"backup_{site.database}" if site.database else str(site.folder / "backup.sqlite3")
        self._copy(site.database or self._file, self.name)

    @property
    def _file(self) -> str:
        return str(self.site.folder / "data" / "papersite.sqlite3")

    def restore(self) -> None:
        for desk in self.site.desks:
            desk.close()
        self.site.desks.clear()
        self._copy(self.name, self.site.database or self._file)

    def _copy(self, source: str, target: str) -> None:
        if not self.site.database:
            for stale in Path(target).parent.glob(f"{Path(target).name}-*"):
                stale.unlink()
            with closing(sqlite3.connect(source)) as from_file, closing(sqlite3.connect(target)) as to_file:
                from_file.backup(to_file)
            return
        with closing(psycopg.connect(self.site.server, autocommit=True)) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source])
            connection.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    def drop(self) -> None:
        if self.site.database:
            migrated.drop_database(self.site.server, self.name)


@pytest.fixture
def backup(site: Site) -> Iterator[Backup]:
    """From before the morning, of a site that had been running."""
    site.add_readers(READERS)
    site.python(MORNING)
    site.python(f"MINUTES = 5\n{WAKE.replace('planner.open_deliveries(now)', '').replace('drain_due()', '')}")
    made = Backup(site)
    yield made
    made.drop()


def tokens_of(site: Site) -> list[str]:
    return [str(re.search(r"bounces\+([^@]+)@", mail["from"])[1]) for mail in site.mails()]  # type: ignore[index]


@pytest.mark.long
def test_after_restored_nobody_is_mailed_twice_and_no_link_opens_another_readers_mail(
    site: Site, backup: Backup
) -> None:
    site.python(f"MINUTES = 1\n{WAKE}")
    tokens = tokens_of(site)
    assert len(set(tokens)) == len(READERS)
    site.python(f"ADDRESSES = {READERS[:2]!r}\n{CLOSE_ACCOUNTS}")
    backup.restore()

    left = site.folder / "left.txt"
    left.write_text(f"{READERS[0]}\n\n{READERS[1].upper()}\n")
    said = site.manage("restored", "--left", str(left))
    # Somebody lets mail go at once: the day is over for everybody all the same.
    site.python("from digest.models import Relay; Relay.objects.update(is_paused=False); print('{}')")
    site.python(f"MINUTES = 5\n{WAKE}")

    assert "restored: readers=12 open=0 suppressed=2 mail=paused" in said
    assert Counter(mail["to"] for mail in site.mails()) == dict.fromkeys(READERS, 1)
    site.python(f"{TOMORROW}\nMINUTES = 1\n{WAKE}")
    by_reader = Counter(mail["to"] for mail in site.mails())
    assert by_reader == dict.fromkeys(READERS, 2) | dict.fromkeys(READERS[:2], 1)
    # The numbers of the lost mails came again, for other readers' deliveries.
    found: Any = site.python(f"TOKENS = {tokens!r}\n{CLICK}")
    assert found == {"answers": [[404, True]] * (4 * len(READERS)), "left": 0}
    assert not {mail["id"] for mail in site.mails()[:12]} & {mail["id"] for mail in site.mails()[12:]}


@pytest.mark.long
def test_a_restore_that_nobody_told_of_stops_all_mail_before_any_leaves(site: Site, backup: Backup) -> None:
    site.python(f"MINUTES = 5\n{WAKE}")
    assert len(site.mails()) == len(READERS)
    backup.restore()

    site.python(f"MINUTES = 1\n{WAKE}")

    assert len(site.mails()) == len(READERS)
    assert "older than what was mailed" in site.python(
        "import json; from digest.models import Relay; print(json.dumps(Relay.objects.get().alarm))"
    )
    site.manage("restored")
    site.python(f"{TOMORROW}\nMINUTES = 9\n{WAKE}")
    assert Counter(mail["to"] for mail in site.mails()) == dict.fromkeys(READERS, 2)
    # The same backup once more is an older database once more.
    backup.restore()
    site.python(f"MINUTES = 1\n{WAKE}")
    assert len(site.mails()) == 2 * len(READERS)
