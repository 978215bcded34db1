"""The statements of the hot loop, on whichever database the tests run."""

import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DataError, OperationalError, connection, transaction

from digest import statements
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
    from digest import querysets

    moment = "due_at" if sql == "DUE" else "lease_until"
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN QUERY PLAN SELECT id FROM digest_delivery WHERE {getattr(querysets, sql)} AND {moment} < %s",
            ["2026"],
        )
        plan = " ".join(str(row) for row in cursor.fetchall())

    assert index in plan


HOLD = """
import fcntl, os, sys, time
lock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(lock, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(0.3)
print(time.monotonic(), flush=True)
"""


def test_turn_waits_for_the_worker_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Other:
        vendor = "sqlite"
        in_atomic_block = False
        settings_dict = {"NAME": str(tmp_path / "papers.sqlite3")}

    sqlite3.connect(tmp_path / "papers.sqlite3").close()
    monkeypatch.setattr(statements, "connections", {"default": Other()})
    command = [sys.executable, "-c", HOLD, str(tmp_path / "papers.sqlite3-turn")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()

        with statements.turn():
            began = time.monotonic()
        given_back = float(holder.stdout.readline())

    assert began > given_back
