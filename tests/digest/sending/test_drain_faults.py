"""Mails that cannot be made or sent: each fails alone, and what ails the server rests the relay."""

from collections.abc import Callable
from datetime import timedelta
from email.errors import HeaderParseError
from typing import Any

import pytest
from django.db import DataError
from pytest_django import Settings

from digest.composing import digest_mail
from digest.models import BatchCursor, Relay
from digest.sending import claims, relay
from digest.sending.claims import claim
from digest.sending.drain import Run, drain_due, prepare
from digest.sending.relay import FIRST_REST
from digest.sending.transports import BackendTransport
from digest.types import Claim
from papersite.mailing.mail import Mail
from tests.digest.sending.due import clock, due, fresh
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_drain_fails_one_mail_that_cannot_be_made_and_sends_the_others(
    papers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = due("broken@example.org"), due("fine@example.org")
    compose: Callable[..., Any] = digest_mail.compose

    def break_one(one: Claim, *arguments: Any) -> Any:
        if one.pk == broken.pk:
            raise ValueError("a template broke")
        return compose(one, *arguments)

    monkeypatch.setattr(digest_mail, "compose", break_one)
    drain_due(clock)

    assert (fresh(broken).state, fresh(broken).reason) == ("failed", "The mail could not be composed.")
    assert fresh(fine).state == "sent"


def test_pack_fails_only_the_mails_whose_card_cannot_be_made(
    papers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = due("broken@example.org", cap=3), due("fine@example.org", cap=2)
    card: Callable[..., Any] = digest_mail.card

    def break_one(brief: Any, *arguments: Any, **keywords: Any) -> Any:
        if brief.paper.pk == papers[0].pk:
            raise ValueError("a template broke")
        return card(brief, *arguments, **keywords)

    monkeypatch.setattr(digest_mail, "card", break_one)
    run = Run(clock, lambda: False)
    messages = list(prepare(run, claim(run.worker, NOW, 10), as_bytes=True))

    assert [message.claim.pk for message in messages] == [fine.pk]
    assert (fresh(broken).state, fresh(broken).reason) == ("failed", "The mail could not be composed.")


class Unforeseen(Exception):
    pass


@pytest.mark.parametrize(
    "error",
    [ValueError(), UnicodeError(), LookupError(), AttributeError(), RecursionError(), MemoryError(), DataError(),
     HeaderParseError(), AssertionError(), Unforeseen()],
    ids=lambda one: type(one).__name__,
)  # fmt: skip
def test_a_mail_that_cannot_be_sent_fails_alone_whatever_is_raised(
    papers: list[Any], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    deliveries = [due(f"reader{number}@example.org") for number in range(3)]
    send: Callable[..., Any] = BackendTransport.send

    def break_one(self: Any, message: Any, *arguments: Any) -> Any:
        if message.claim.pk == deliveries[1].pk:
            raise error
        return send(self, message, *arguments)

    monkeypatch.setattr(BackendTransport, "send", break_one)
    for _ in range(2):
        drain_due(clock)

    assert [fresh(one).state for one in deliveries] == ["sent", "failed", "sent"]
    assert fresh(deliveries[1]).is_uncertain
    assert not BatchCursor.objects.exists()


def test_a_mail_of_which_no_bytes_can_be_made_fails_alone_and_frees_its_papers(
    papers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    deliveries = [due(f"reader{number}@example.org") for number in range(2)]

    def send(self: Any, message: Any, *arguments: Any) -> Any:
        message.as_bytes()
        return claims.SENT

    def no_bytes(self: Any, **options: Any) -> Any:
        if self.to == ["reader0@example.org"]:
            raise HeaderParseError("no header holds this")
        return build(self, **options)

    build = Mail.message
    monkeypatch.setattr(BackendTransport, "send", send)
    monkeypatch.setattr(Mail, "message", no_bytes)
    drain_due(clock)

    assert [fresh(one).state for one in deliveries] == ["failed", "sent"]
    assert (fresh(deliveries[0]).is_uncertain, fresh(deliveries[0]).items.count()) == (False, 0)


def test_drain_pauses_when_no_server_is_there(papers: list[Any], settings: Settings) -> None:
    options = {"host": "127.0.0.1", "port": 1, "timeout": 1}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    first, second = due("first@example.org"), due("second@example.org")

    drained = drain_due(clock)

    relay = Relay.objects.get()
    assert drained.counts == {}
    assert [fresh(one).state for one in (first, second)] == ["due", "due"]
    assert (relay.strikes, relay.down_until) == (1, NOW + FIRST_REST)
    assert "ConnectionRefusedError" in relay.down_reason


def test_drain_after_the_pause_goes_on_and_forgets_the_trouble(papers: list[Any]) -> None:
    one = due()
    relay.rest("The server was away.", NOW - timedelta(hours=1))

    drain_due(clock)

    assert fresh(one).state == "sent"
    assert (Relay.objects.get().strikes, Relay.objects.get().down_until) == (0, None)
