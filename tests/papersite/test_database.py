"""Waiting for another's lock has an end, on whichever database the tests run."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from accounts.models import User
from digest.models import LedgerMonth
from papersite import database
from tests import migrated
from tests.factories import SubscriptionFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Connections made from now on give up soon."""
    monkeypatch.setattr(database, "LOCK_SECONDS", 0.1)
    connection.close()
    yield
    connection.close()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's own timeout stands in the settings")
def test_a_lock_that_another_keeps_is_an_error_after_a_while(impatient: None) -> None:
    user = UserFactory.create()
    is_held, is_over = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            is_held.set()
            is_over.wait(30)
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert is_held.wait(30)
        with pytest.raises(OperationalError, match="lock timeout"):
            User.objects.filter(pk=user.pk).update(is_active=False)
    finally:
        is_over.set()
        holder.join(30)


def test_the_wait_is_the_same_on_both_databases() -> None:
    if connection.vendor == "postgresql":
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("30s",)
    else:
        assert connection.settings_dict["OPTIONS"]["timeout"] == database.LOCK_SECONDS


@pytest.mark.skipif(connection.vendor == "postgresql", reason="it is about SQLite's file")
def test_the_file_can_be_checked_and_copied_by_any_program(tmp_path: Path) -> None:
    with closing(sqlite3.connect(migrated.folder() / "papersite.sqlite3")) as stock:
        assert stock.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        stock.execute("VACUUM INTO ?", [str(tmp_path / "copy")])
        words = {text for (text,) in stock.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
    assert not [text for text in words if "django_" in text.replace('"django_', "")]


def test_a_month_is_named_by_its_first_day() -> None:
    months = LedgerMonth(subscription=SubscriptionFactory.create(), items=b"", paper_count=0)
    months.month = date(2026, 11, 1)
    months.save()
    months.month = date(2026, 11, 2)

    with pytest.raises(IntegrityError):
        months.save()
