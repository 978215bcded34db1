"""What a worker makes of an order, and that none is lost."""

import smtplib
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from accounts import blocklist, fulfilment, orders
from accounts.models import MailOrder, User
from papersite.mailing.mail import Mail
from tests.accounts.test_flows import known

pytestmark = pytest.mark.django_db
KIND = MailOrder.Kind


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the tests are the worker."""
    monkeypatch.setattr(orders._bell, "ring", lambda: None)


@pytest.mark.parametrize(
    ("kind", "is_known", "subject"),
    [
        (KIND.SIGN_UP, False, "Confirm your address for Papersite"),
        (KIND.SIGN_UP, True, "Your address and Papersite"),
        (KIND.CODE, True, "ABCD-EFGH is your code for Papersite"),
        (KIND.CODE, False, "Your address and Papersite"),
        (KIND.RESET, True, "A new password for Papersite"),
        (KIND.RESET, False, "Your address and Papersite"),
    ],
)
def test_the_mail_follows_from_whose_the_address_is(kind: MailOrder.Kind, is_known: bool, subject: str) -> None:
    if is_known:
        known("reader@example.org", is_verified=True)
    orders.place(kind, "reader@example.org", code="ABCD-EFGH")

    done = fulfilment.fulfil_due()

    assert [message.subject for message in mail.outbox] == [subject]
    assert [message.to for message in mail.outbox] == [["reader@example.org"]]
    assert (done, MailOrder.objects.count()) == (2, 0)
    # Whatever host somebody asked by.
    body = str(mail.outbox[0].body)
    assert "https://papers.example.org/" in body or "ABCD-EFGH" in body


def test_a_code_never_goes_to_an_account_that_is_stopped() -> None:
    User.objects.filter(pk=known("reader@example.org", is_verified=True).pk).update(is_active=False)
    orders.place(KIND.CODE, "reader@example.org", code="ABCD-EFGH")

    fulfilment.fulfil_due()

    assert "ABCD" not in str(mail.outbox[0].body)


def test_a_mail_that_fails_stays_and_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    send = Mail.send

    def fails(message: Mail, *args: Any, **kwargs: Any) -> int:
        if message.to == ["first@example.org"]:
            raise ConnectionRefusedError
        return send(message, *args, **kwargs)

    monkeypatch.setattr(Mail, "send", fails)
    for address in ("first@example.org", "second@example.org"):
        orders.place(KIND.SIGN_UP, address)

    fulfilment.fulfil_due()

    assert [message.to for message in mail.outbox] == [["second@example.org"]]
    assert (User.objects.count(), MailOrder.objects.get().kind) == (2, "mail")

    monkeypatch.setattr(Mail, "send", send)
    MailOrder.objects.update(due_at=timezone.now())
    fulfilment.fulfil_due()

    assert mail.outbox[-1].to == ["first@example.org"]
    assert (MailOrder.objects.count(), EmailAddress.objects.filter(verified=False).count()) == (0, 2)


@pytest.mark.parametrize(("code", "stays"), [(550, False), (450, True)])
def test_an_address_that_is_refused_for_good_is_not_tried_again(
    monkeypatch: pytest.MonkeyPatch, code: int, stays: bool
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({"reader@example.org": (code, b"no")})

    monkeypatch.setattr(Mail, "send", refuse)
    orders.place(KIND.RESET, "reader@example.org")

    fulfilment.fulfil_due()

    assert MailOrder.objects.exists() is stays


def test_what_strangers_order_goes_to_no_blocked_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocklist, "_checks", {"test": lambda address: True})
    known("reader@example.org", is_verified=True)
    for kind in (KIND.SIGN_UP, KIND.CODE, KIND.RESET):
        orders.place(kind, "reader@example.org", code="ABCD")

    fulfilment.fulfil_due()

    assert [message.subject[:15] for message in mail.outbox] == ["ABCD is your co", "A new password "]
    assert not MailOrder.objects.exists()


def test_a_worker_that_is_stopped_leaves_the_rest() -> None:
    orders.place(KIND.RESET, "reader@example.org")

    assert fulfilment.fulfil_due(is_stopping=lambda: True) == 0
    assert MailOrder.objects.count() == 1
