"""Hosts that start together migrate one after the other."""

import threading

import pytest
from django.core.management import call_command
from django.db import connection

from papersite.management.commands import migrate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is for one host, whose supervisor is alone")
def test_a_second_host_waits_for_the_first(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(migrate, "ASK_EVERY", 0.01)
    held, let_go = threading.Event(), threading.Event()

    def other_host() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [migrate.LOCK])
        held.set()
        let_go.wait(10)
        connection.close()

    thread = threading.Thread(target=other_host)
    thread.start()
    assert held.wait(10)
    threading.Timer(0.1, let_go.set).start()

    call_command("migrate", verbosity=0)

    thread.join(10)
    assert let_go.is_set()
    assert "Another host is migrating this database" in capfd.readouterr().out


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the lock is PostgreSQL's")
def test_the_lock_is_given_back_whatever_happens() -> None:
    with pytest.raises(Exception, match="nobody"):
        call_command("migrate", "nobody", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)


def test_nothing_is_left_to_do() -> None:
    call_command("migrate", "--check", verbosity=0)
