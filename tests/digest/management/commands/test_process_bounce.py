"""Reports from a mail server's pipe."""

import io
import sys

import pytest
from django.core.management import call_command

from digest.models import Delivery, Subscription, Suppression
from tests.digest.bounces.test_reports import ORDINARY, dsn
from tests.factories import DeliveryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(subscription: Subscription) -> Delivery:
    return DeliveryFactory.create(subscription=subscription)


def pipe(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    said = io.StringIO()
    call_command("process_bounce", stdout=said)
    return said.getvalue().strip()


def test_a_report_to_the_bounce_address_is_applied(delivery: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = dsn().replace(b"bounces+x@", f"bounces+{delivery.token}@".encode())

    assert pipe(raw, monkeypatch) == "recognised=hard"
    assert Suppression.objects.count() == 1


def test_a_report_that_names_its_mail_only_by_a_link_is_applied(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = f"List-Unsubscribe: <https://papers.example.org/d/{delivery.token}/unsubscribe/>\r\nMessage-ID: <d.1@x>"
    raw = dsn().replace(b"Message-ID: <d.1@x>", link.encode())

    assert pipe(raw, monkeypatch) == "recognised=hard"


@pytest.mark.parametrize(
    "raw", [dsn(), b"", b"\x00" * 100, *ORDINARY.values(), b"To: x@y.org\r\n\r\n" + b"x" * 10_000_000]
)
def test_anything_else_changes_nothing_and_is_no_error(
    delivery: Delivery, raw: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pipe(raw, monkeypatch) == "recognised=nothing"
    assert Suppression.objects.count() == 0
