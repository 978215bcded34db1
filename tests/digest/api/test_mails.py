"""Ledger and schedule through a reader's own programs."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from digest.models import Subscription
from tests.factories import DeliveryFactory, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def ask(method: str, path: str, secret: str, sent: Any = None, **query: Any) -> Any:
    body = {"data": json.dumps(sent), "content_type": "application/json"} if sent is not None else {"data": query}
    return getattr(Client(), method)(f"/api/v1/me{path}", headers={"Authorization": f"Bearer {secret}"}, **body)


def test_the_ledger_says_what_was_mailed_and_why(
    subscription: Subscription, read_token: str, django_assert_max_num_queries: Any
) -> None:
    sent(subscription, date(2026, 11, 21))
    sent(subscription, date(2026, 11, 22), papers=2)
    DeliveryFactory.create(subscription=subscription, day=date(2026, 11, 23), state="due")
    with django_assert_max_num_queries(8):
        first = ask("get", "/ledger", read_token, limit=1).json()

    rest = ask("get", "/ledger", read_token, limit=1, cursor=first["cursor"]).json()

    assert [(one["day"], len(one["papers"])) for one in [*first["items"], *rest["items"]]] == [
        ("2026-11-22", 2), ("2026-11-21", 1),
    ]  # fmt: skip
    assert first["items"][0]["papers"][0]["reasons"][0] == {"kind": "topic", "label": "Graphs"}
    assert rest["cursor"] is None
    assert ask("get", "/ledger", read_token, cursor="x").status_code == 404


def test_a_schedule_is_read_and_changed_in_parts(subscription: Subscription, write_token: str) -> None:
    before = ask("get", "/schedule", write_token).json()
    wanted = {
        "time_zone": "Asia/Tokyo", "send_at": "07:45", "weekdays": ["friday", "monday", "monday"], "cap": 5,
        "on_quiet_days": "note", "close_to_saved": "third", "paused_until": "2026-12-24",
    }  # fmt: skip

    changed = ask("patch", "/schedule", write_token, wanted).json()
    ended = ask("patch", "/schedule", write_token, {"paused_until": None}).json()

    assert (before["weekdays"][0], len(before["weekdays"]), before["send_at"]) == ("monday", 7, "08:00")
    assert changed == wanted | {
        "weekdays": ["monday", "friday"], "is_active": True, "next_mail_at": "2026-12-24T22:45:00Z",
    }  # fmt: skip
    assert (ended["paused_until"], ended["cap"]) == (None, 5)
    subscription.refresh_from_db()
    assert subscription.weekdays == 0b10001


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"time_zone": "Mars/Olympus"}, 409),
        ({"time_zone": ""}, 409),
        ({"send_at": "25:00"}, 422),
        ({"send_at": "7:45"}, 422),
        ({"weekdays": []}, 422),
        ({"weekdays": ["someday"]}, 422),
        ({"cap": 0}, 422),
        ({"cap": 31}, 422),
        ({"paused_until": "2026-11-23"}, 409),
        ({"paused_until": "2036-11-23"}, 409),
        ({"paused_until": "0001-01-01"}, 409),
        ({"is_active": False}, 422),
    ],
)
def test_what_is_no_schedule_is_said_and_changes_nothing(
    subscription: Subscription, write_token: str, wrong: dict[str, Any], status: int
) -> None:
    assert ask("patch", "/schedule", write_token, {"cap": 3} | wrong).status_code == status
    subscription.refresh_from_db()
    assert subscription.cap == 10
