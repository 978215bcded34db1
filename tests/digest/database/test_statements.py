"""The statements of the hot loop, on whichever database the tests run."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DataError, OperationalError, connection, transaction

from digest import tokens
from digest.database import statements
from digest.models import BatchCursor, Suppression
from tests.factories import NOW, DeliveryFactory

pytestmark = pytest.mark.django_db

ADVANCE = {
    "worker": "w" * 32, "now": NOW, "lease": NOW, "done": 0, "begun": 1, "subscription": 1, "day": NOW.date(),
    "address": "reader@example.org", "address_hash": "0" * 64,
}  # fmt: skip
CLAIM = {"worker": "w" * 32, "now": NOW, "lease": NOW, "limit": 10}


def test_run_works_outside_and_inside_a_transaction() -> None:
    first = DeliveryFactory.create()
    assert statements.run(statements.CLAIM, CLAIM) == [(first.pk,)]

    second = DeliveryFactory.create()
    with transaction.atomic():
        assert statements.run(statements.CLAIM, CLAIM) == [(second.pk,)]


def test_a_claim_is_undone_with_its_transaction() -> None:
    one = DeliveryFactory.create()

    with transaction.atomic():
        statements.run(statements.CLAIM, CLAIM)
        transaction.set_rollback(True)

    one.refresh_from_db()
    assert (one.state, one.assembled_at) == ("due", None)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite prepares by itself")
@pytest.mark.django_db(transaction=True)
def test_what_goes_wrong_in_a_prepared_statement_is_djangos_error_and_the_next_one_runs() -> None:
    with pytest.raises(DataError):
        statements.run(statements.ADVANCE, ADVANCE | {"done": 10**30})
    assert statements.run(statements.ADVANCE, ADVANCE) == []

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with psycopg.connect(**connection.get_connection_params() | {"context": None}, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
    with pytest.raises(OperationalError):
        statements.run(statements.ADVANCE, ADVANCE)
    connection.close()
    assert statements.run(statements.ADVANCE, ADVANCE) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL waits for the disk")
def test_commits_wait_for_the_disk_only_where_they_must(settings: Any) -> None:
    def how() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            return str(cursor.fetchone()[0])

    statements.commit_quickly()
    assert how() == "off"
    statements.flush_this_transaction()
    assert how() == "on"
    statements.commit_lastingly()
    settings.DIGEST_FLUSH_EACH_MAIL = True
    statements.commit_quickly()
    assert how() == "on"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has one writer")
@pytest.mark.parametrize(("sql", "index"), [("DUE", "delivery_due"), ("LEASED", "delivery_held")])
def test_sqlite_finds_due_and_leased_rows_by_their_index(sql: str, index: str) -> None:
    from digest.models import deliveries as querysets

    moment = "due_at" if sql == "DUE" else "lease_until"
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN QUERY PLAN SELECT id FROM digest_delivery WHERE {getattr(querysets, sql)} AND {moment} < %s",
            ["2026"],
        )
        plan = " ".join(str(row) for row in cursor.fetchall())

    assert index in plan


MANY = 20_000


def rows_looked_at(sql: str, values: Any) -> int:
    """The most rows of suppressions that one step of a plan meets."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
            ways = [str(row[3]) for row in cursor.fetchall() if "digest_suppression" in str(row[3])]
            assert ways
            return MANY if any(way.startswith("SCAN") for way in ways) else 1
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values)
        steps = [cursor.fetchone()[0][0]["Plan"]]
    met = []
    for step in steps:
        steps += step.get("Plans", [])
        if step.get("Relation Name") == "digest_suppression":
            met.append(step["Actual Rows"] + step.get("Rows Removed by Filter", 0))
    assert met
    return int(max(met))


@pytest.mark.long
def test_a_million_suppressions_cost_nothing_in_the_hot_loop() -> None:
    """Each question looks up the addresses it asks for, however many others there are."""
    rows = [Suppression(address_hash=tokens.address_hash(f"{number}@x.org"), reason="gone") for number in range(MANY)]
    Suppression.objects.bulk_create(rows, batch_size=2_000)
    delivery = DeliveryFactory.create()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        reader = delivery.subscription
        worker = BatchCursor.objects.create(worker="w" * 32, lease_until=NOW)
    held = {"worker": worker.worker, "subscription": reader.pk, "address": reader.reader.email, "begun": delivery.pk}
    held["address_hash"] = tokens.address_hash(reader.reader.email)
    asked = {tokens.address_hash(f"{number}@y.org"): number for number in range(500)}
    hashes = Suppression.objects.filter(address_hash__in=asked).values_list("address_hash", flat=True)
    one = Suppression.objects.filter(address_hash=tokens.address_hash(reader.reader.email))
    statements.read_by_index()
    try:
        assert rows_looked_at(statements.ADVANCE, ADVANCE | held) <= 1
        for queryset in (hashes, one):
            sql, values = queryset.query.sql_with_params()
            assert rows_looked_at(sql, values) <= len(asked)
    finally:
        statements.commit_lastingly()


def test_a_claim_keeps_the_hash_of_the_address_that_the_mail_goes_to() -> None:
    delivery = DeliveryFactory.create(mailed_to="", subscription__reader__email="reader@bücher.example")

    statements.run(statements.CLAIM, CLAIM)

    delivery.refresh_from_db()
    assert delivery.mailed_to == tokens.address_hash("reader@bücher.example")


HOLD = """
import fcntl, os, pathlib, sys, time
lock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(lock, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.readline()
time.sleep(0.1)
pathlib.Path(sys.argv[1] + "-left").touch()
"""


@pytest.fixture
def holder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A worker of a file that has its turn until it reads a line; then it leaves a file, and goes."""

    class Other:
        vendor = "sqlite"
        in_atomic_block = False
        settings_dict = {"NAME": str(tmp_path / "papers.sqlite3")}

    monkeypatch.setattr(statements, "connections", {"default": Other()})
    command = [sys.executable, "-c", HOLD, str(tmp_path / "papers.sqlite3-turn")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        yield holder
        holder.kill()


def test_write_lock_waits_for_the_worker_before_it(tmp_path: Path, holder: Any) -> None:
    holder.stdin.write("go\n")

    with statements.write_lock():
        assert (tmp_path / "papers.sqlite3-turn-left").exists()


def test_nobody_queues_for_ever_behind_a_worker_that_is_stuck(
    holder: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(statements, "QUEUE_SECONDS", 0.05)

    with statements.write_lock():
        assert holder.poll() is None

    assert "database.queue_is_stuck seconds=0.05" in caplog.text
