"""Sessions in the database."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session

from accounts.session_store import SessionStore

pytestmark = pytest.mark.django_db


def test_a_new_session_is_written_without_being_looked_for(django_assert_num_queries: Any) -> None:
    session = SessionStore()
    # A savepoint, the row, and the savepoint's end.
    with django_assert_num_queries(3):
        session.create()
    session["a"] = 1
    session.save()

    assert session.session_key
    assert SessionStore(session.session_key)["a"] == 1


def test_a_key_that_is_taken_opens_nobody_s_session(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = iter(["taken" * 8, "taken" * 8, "other" * 8])
    monkeypatch.setattr("accounts.session_store.secrets.token_hex", lambda _bytes: next(keys))
    held, mine = SessionStore(), SessionStore()
    held["whose"] = "theirs"
    held.create()
    held.save()

    mine.create()

    assert mine.session_key == "other" * 8
    assert mine.get("whose") is None
    assert Session.objects.count() == 2
