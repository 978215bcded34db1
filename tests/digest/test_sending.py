"""The drain, against a real mail server on this machine and all its moods."""

import json
import smtplib
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from digest import composition, sending
from digest.models import Delivery, Subscription
from digest.sending import RELAY_PAUSE, Parcel, drain
from tests.factories import NOW, DeliveryFactory, FollowFactory, PaperFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db


def clock() -> datetime:
    return NOW


def due(address: str = "reader@example.org", **fields: Any) -> Delivery:
    """A due delivery of a reader who follows trending overall."""
    subscription = SubscriptionFactory.create(reader__email=address, **fields)
    FollowFactory.create(subscription=subscription)
    return DeliveryFactory.create(subscription=subscription)


def fresh(one: Delivery) -> Delivery:
    return Delivery.objects.get(pk=one.pk)


@pytest.fixture
def papers() -> list[Any]:
    return PaperFactory.create_batch(3)


class Sink:
    def __init__(self, log: Path) -> None:
        self.log = log

    def addresses(self) -> list[str]:
        return [json.loads(line)["to"] for line in self.log.read_text().splitlines()]


@pytest.fixture
def sink(tmp_path: Path, settings: Settings) -> Iterator[Sink]:
    """A mail server in a process of its own, to which the site sends."""
    log = tmp_path / "mail.log"
    log.touch()
    command = [sys.executable, str(Path(__file__).parent.parent / "sink.py"), str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        options = {"host": "127.0.0.1", "port": int(process.stdout.readline()), "timeout": 5}
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
        yield Sink(log)
        process.kill()


def test_drain_sends_settles_and_remembers(papers: list[Any]) -> None:
    one = due()

    drained = drain(clock)

    settled = fresh(one)
    assert str(drained) == "sent=1"
    assert (settled.state, settled.assembled_at, settled.settled_at) == ("sent", NOW, NOW)
    assert [item.paper_id for item in settled.items.all()] == [paper.pk for paper in reversed(papers)]
    assert [message.to for message in mail.outbox] == [["reader@example.org"]]
    assert settled.subject == mail.outbox[0].subject


def test_drain_of_nothing_sends_nothing() -> None:
    assert str(drain(clock)) == "nothing due"


def test_drain_a_second_time_sends_nothing_more(papers: list[Any]) -> None:
    due()
    drain(clock)

    drain(clock)

    assert len(mail.outbox) == 1


def test_drain_says_why_a_digest_is_empty() -> None:
    one = due()

    drain(clock)

    assert (fresh(one).state, fresh(one).reason) == ("empty", "Nothing new was announced since your last digest.")
    assert mail.outbox == []


def test_drain_keeps_the_papers_that_an_earlier_attempt_saved(papers: list[Any]) -> None:
    one = due()
    one.items.create(subscription=one.subscription, paper=papers[0], position=0)
    Delivery.objects.update(assembled_at=NOW - timedelta(minutes=5))

    drain(clock)

    assert [item.paper_id for item in fresh(one).items.all()] == [papers[0].pk]
    assert fresh(one).assembled_at == NOW - timedelta(minutes=5)


def test_drain_works_through_more_than_one_batch(papers: list[Any], settings: Settings) -> None:
    settings.DIGEST_BATCH = 2
    for number in range(5):
        due(f"reader{number}@example.org")

    drain(clock)

    assert sorted(message.to[0] for message in mail.outbox) == [f"reader{number}@example.org" for number in range(5)]


def test_drain_stops_between_two_mails_and_gives_back_the_rest(papers: list[Any]) -> None:
    for number in range(3):
        due(f"reader{number}@example.org")

    drained = drain(clock, is_stopping=lambda: len(mail.outbox) >= 1)

    assert str(drained) == "sent=1"
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["due", "due", "sent"]


def test_drain_fails_one_mail_that_cannot_be_made_and_sends_the_others(
    papers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = due("broken@example.org"), due("fine@example.org")
    compose: Callable[..., EmailMultiAlternatives] = composition.compose

    def break_one(one: Delivery, *arguments: Any) -> EmailMultiAlternatives:
        if one.pk == broken.pk:
            raise ValueError("a template broke")
        return compose(one, *arguments)

    monkeypatch.setattr(composition, "compose", break_one)
    drain(clock)

    assert (fresh(broken).state, fresh(broken).reason) == ("failed", "The mail could not be composed.")
    assert fresh(fine).state == "sent"


@pytest.mark.processes
@pytest.mark.django_db
def test_drain_hands_mails_to_a_real_server(papers: list[Any], sink: Sink) -> None:
    for number in range(3):
        due(f"reader{number}@example.org")

    drain(clock)

    assert sorted(sink.addresses()) == [f"reader{number}@example.org" for number in range(3)]


@pytest.mark.processes
@pytest.mark.parametrize(
    ("address", "state", "reason"),
    [
        ("rcpt550-x@example.org", "failed", "The mail server refused it: 550 refused for the test"),
        ("data554-x@example.org", "failed", "The mail server refused it: 554 refused for the test"),
        ("rcpt451-x@example.org", "due", ""),
        ("data452-x@example.org", "due", ""),
    ],
)
def test_drain_reads_the_servers_refusal_and_goes_on(
    papers: list[Any], sink: Sink, address: str, state: str, reason: str
) -> None:
    refused, fine = due(address), due("fine@example.org")

    drain(clock)

    assert (fresh(refused).state, fresh(refused).reason) == (state, reason)
    assert (fresh(refused).not_before is not None) == (state == "due")
    assert fresh(fine).state == "sent"
    assert sink.addresses() == ["fine@example.org"]


@pytest.mark.processes
def test_drain_pauses_for_a_server_that_hangs_up_and_tries_again_under_the_same_id(
    papers: list[Any], sink: Sink
) -> None:
    dropped, waiting = due("drop-x@example.org"), due("fine@example.org")

    drain(clock)
    after = NOW + timedelta(minutes=30)

    assert fresh(dropped).state == "due"
    assert (fresh(waiting).state, fresh(waiting).not_before) == ("due", NOW + RELAY_PAUSE)

    Delivery.objects.filter(pk=dropped.pk).delete()
    drain(lambda: after)

    assert fresh(waiting).state == "sent"


def test_drain_pauses_when_no_server_is_there(papers: list[Any], settings: Settings) -> None:
    options = {"host": "127.0.0.1", "port": 1, "timeout": 1}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    first, second = due("first@example.org"), due("second@example.org")

    drained = drain(clock)

    assert drained.counts == {}
    assert [fresh(one).state for one in (first, second)] == ["due", "due"]
    assert fresh(second).not_before == NOW + RELAY_PAUSE


class Refusing:
    """A connection that answers every mail with one error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def send_messages(self, messages: Any) -> int:
        raise self.error


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (AnymailAPIError("busy", status_code=503), "due"),
        (AnymailAPIError("slow down", status_code=429), "due"),
        (AnymailAPIError("bad request", status_code=400), "failed"),
        (AnymailRecipientsRefused("refused"), "failed"),
    ],
)
def test_hand_over_reads_a_providers_answer(error: Exception, state: str) -> None:
    parcel = Parcel(due(), EmailMultiAlternatives())

    assert sending.hand_over(Refusing(error), parcel, clock).state == state  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "error",
    [AnymailAPIError("who are you", status_code=401), smtplib.SMTPAuthenticationError(535, b"no"), TimeoutError()],
)
def test_hand_over_blames_no_reader_for_the_relay(error: Exception) -> None:
    parcel = Parcel(due(), EmailMultiAlternatives())

    with pytest.raises(sending.RelayDown):
        sending.hand_over(Refusing(error), parcel, clock)  # type: ignore[arg-type]


def queries_of_a_drain(readers: int) -> int:
    """Queries of a batch until the first mail leaves, which is all that could grow by the reader."""
    for number in range(readers):
        due(f"reader{number}-of-{readers}@example.org")
    with CaptureQueriesContext(connection) as queries:
        drain(clock)
    return len(queries)


def test_drain_costs_a_fixed_number_of_queries_a_batch_and_a_mail(papers: list[Any]) -> None:
    Subscription.objects.all().delete()
    one, two, thirty = (queries_of_a_drain(readers) for readers in (1, 2, 30))

    a_mail = two - one

    # A savepoint's two statements, the settling of the one before and the beginning of the next.
    assert a_mail == 4
    assert thirty == one + 29 * a_mail
