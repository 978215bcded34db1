"""Waiting for another's lock has an end, on whichever database the tests run."""

import threading
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection, connections, transaction

from accounts.models import User
from papersite import database
from tests.factories import UserFactory

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
