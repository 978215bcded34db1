"""What a mail server's pipe hands over: read whole, never an error, and not lost while the database is away."""

import io
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError

from digest.bounces import handling, mime
from digest.management.pipe import tokens_of
from digest.models import Delivery, Subscription
from tests.factories import DeliveryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(subscription: Subscription) -> Delivery:
    return DeliveryFactory.create(subscription=subscription)


def pipe(command: str, raw: bytes, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    said = io.StringIO()
    call_command(command, stdout=said)
    return said.getvalue().strip()


@pytest.mark.parametrize("command", ["process_bounce", "process_unsubscribe"])
def test_a_long_mail_is_taken_to_its_end(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO(b"To: x@y.org\r\n\r\n" + b"x" * 5_000_000)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))

    call_command(command, stdout=io.StringIO())

    assert stream.read() == b""


@pytest.mark.parametrize("command", ["process_bounce", "process_unsubscribe"])
def test_whatever_goes_wrong_is_said_and_no_error(
    command: str, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(token: str) -> None:
        raise RuntimeError("nobody thought of it")

    monkeypatch.setattr(handling, "delivery_of", fail)

    said = pipe(command, f"To: x+{delivery.token}@y.org\r\n\r\nx".encode(), monkeypatch)

    assert "RuntimeError" in said


def test_what_comes_while_the_database_is_away_is_done_at_the_next_run(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path

    def away(token: str) -> None:
        raise OperationalError("away")

    with monkeypatch.context() as patch:
        patch.setattr(handling, "delivery_of", away)
        said = pipe("process_unsubscribe", f"To: unsub+{delivery.token}@y.org\r\n\r\nx".encode(), monkeypatch)
    assert "kept for the next run" in said
    assert len(list(tmp_path.rglob("*.eml"))) == 1

    pipe("process_unsubscribe", b"To: x@y.org\r\n\r\nx", monkeypatch)

    delivery.subscription.refresh_from_db()
    assert delivery.subscription.ended_at is not None
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_tokens_of_reads_every_header_that_may_name_the_address() -> None:
    heads = "".join(
        f"{name}: <unsub+{number}.t@x.org>\r\n"
        for number, name in enumerate(("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc"))
    )

    assert tokens_of(mime.parse(f"{heads}\r\nx".encode())) == [f"{number}.t" for number in range(5)]
