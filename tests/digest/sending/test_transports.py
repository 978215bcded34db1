"""What the mail server or provider says, and what becomes of the mail and of the rest of the run."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from digest.models import Delivery, MailEvent, Relay, Suppression
from digest.sending import transports
from digest.sending.drain import drain_due
from papersite.mailing import smtp
from tests.digest.bounces.test_judging import OURS
from tests.digest.sending.due import clock, due, fresh
from tests.factories import NOW, PaperFactory

pytestmark = pytest.mark.django_db


StartSink = Callable[..., "Sink"]


class Sink:
    """tests/sink.py in a process of its own, to which the site sends."""

    def __init__(self, log: Path, settings: Settings, *options: str) -> None:
        self.log = log
        log.touch()
        command = [sys.executable, str(Path(__file__).parents[2] / "sink.py"), str(log), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        port = int(self.process.stdout.readline())
        backend: dict[str, Any] = {"host": "127.0.0.1", "port": port, "timeout": 1}
        if "--broken-tls" in options:
            backend["use_tls"] = True
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": backend}}

    def addresses(self) -> list[str]:
        return [json.loads(line)["to"] for line in self.log.read_text().splitlines()]

    def close(self) -> None:
        assert self.process.poll() is None, "the mail server died"
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def start_sink(tmp_path: Path, settings: Settings) -> Iterator[StartSink]:
    started: list[Sink] = []

    def start(*options: str) -> Sink:
        started.append(Sink(tmp_path / f"{len(started)}.log", settings, *options))
        return started[-1]

    PaperFactory.create_batch(3)
    yield start
    for sink in started:
        sink.close()


READERS = [f"reader{number}@example.org" for number in range(7)]


@pytest.mark.processes
@pytest.mark.parametrize("options", [(), ("--plain",), ("--mails-a-session", "2")], ids=str)
def test_every_mail_arrives_once_at_servers_of_every_kind(start_sink: StartSink, options: tuple[str, ...]) -> None:
    sink = start_sink(*options)
    for address in READERS:
        due(address)

    drain_due(clock)

    assert sorted(sink.addresses()) == READERS
    assert set(Delivery.objects.values_list("state", "attempts", "accepted_count")) == {("sent", 1, 1)}


@pytest.mark.processes
def test_a_session_is_ended_after_so_many_mails(start_sink: StartSink, settings: Settings) -> None:
    settings.RELAY_MAILS_A_SESSION = 3
    sink = start_sink()
    for address in READERS:
        due(address)

    drain_due(clock)

    assert sorted(sink.addresses()) == READERS


# Who is refused how, the state after it, and whether the mail may have arrived.
FAULTS = {
    "rcpt450-x": ("due", False),
    "rcpt451-x": ("due", False),
    "data450-x": ("due", False),
    "data451-x": ("due", False),
    "data452-x": ("due", False),
    "data454-x": ("due", False),
    "rcpt550-x": ("failed", False),
    "rcpt552-x": ("failed", False),
    # Of the mail or of the site, since the reader's address was taken before: tried again while the day lasts.
    "data550-x": ("due", False),
    "data554-x": ("due", False),
    "data552-x": ("failed", False),
    "cut-x": ("due", None),
    "reset-x": ("due", None),
    "drop-x": ("due", True),
    "half-x": ("due", True),
    "garbage-x": ("due", True),
    "slow-x": ("due", True),
}


@pytest.mark.long
@pytest.mark.processes
@pytest.mark.parametrize("option", ["--patient", "--plain"])
def test_a_hostile_server_harms_no_other_mail(start_sink: StartSink, option: str) -> None:
    sink = start_sink(option)
    # One fault after the other, with a good mail between any two of them.
    faulty, fine = {}, []
    for number, kind in enumerate(FAULTS):
        faulty[kind] = due(f"{kind}@example.org")
        fine.append(due(f"fine{number}@example.org"))

    drain_due(clock)

    for kind, (state, is_uncertain) in FAULTS.items():
        settled = fresh(faulty[kind])
        assert (kind, settled.state) == (kind, state)
        assert (kind, is_uncertain in (None, settled.is_uncertain)) == (kind, True)
        assert (settled.not_before is not None) == (state == "due")
        assert settled.items.exists() == (state == "due")
    assert {fresh(one).state for one in fine} == {"sent"}
    arrived = sink.addresses()
    assert sorted(address for address in arrived if address.startswith("fine")) == sorted(
        f"fine{number}@example.org" for number in range(len(FAULTS))
    )
    assert not Relay.objects.exclude(strikes=0).exists()


@pytest.mark.processes
def test_an_uncertain_mail_is_sent_again_under_the_same_id_and_its_papers_stay_sent(start_sink: StartSink) -> None:
    sink = start_sink()
    one = due("drop-x@example.org")

    drain_due(clock)
    drain_due(lambda: NOW + timedelta(minutes=30))

    ids = {json.loads(line)["id"] for line in sink.log.read_text().splitlines()}
    assert ids == {one.message_id}
    assert len(sink.addresses()) == 2
    Delivery.objects.update(due_at=NOW - timedelta(days=1))
    drain_due(lambda: NOW + timedelta(hours=5))
    assert (fresh(one).state, fresh(one).items.count()) == ("failed", 3)


@pytest.mark.long
@pytest.mark.processes
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--greeting", "554 no"), "554"),
        (("--greeting", "hello"), "no SMTP"),
        (("--greeting", "421 later"), "421"),
        (("--broken-tls",), "handshake"),
    ],
    ids=str,
)
def test_a_server_that_will_not_have_us_costs_no_reader_anything(
    start_sink: StartSink, options: tuple[str, ...], said: str
) -> None:
    start_sink(*options)
    waiting = [due(address) for address in READERS]

    drain_due(clock)

    relay = Relay.objects.get()
    assert {fresh(one).state for one in waiting} == {"due"}
    assert (relay.strikes, relay.down_until) == (1, NOW + timedelta(seconds=30))
    assert said in relay.down_reason


@pytest.mark.processes
def test_a_sender_that_is_refused_rests_the_relay(start_sink: StartSink, settings: Settings) -> None:
    sink = start_sink()
    settings.MAIL_BOUNCES = "mail530-bounces@papers.example.org"
    waiting = [due(address) for address in READERS]

    drain_due(clock)

    assert {fresh(one).state for one in waiting} == {"due"}
    assert "530" in Relay.objects.get().down_reason
    assert sink.addresses() == []


@pytest.mark.processes
def test_a_server_that_breaks_every_connection_rests_the_relay(start_sink: StartSink) -> None:
    start_sink()
    waiting = [due(f"cut-{number}@example.org") for number in range(7)]

    drain_due(clock)

    assert {fresh(one).state for one in waiting} == {"due"}
    assert sum(fresh(one).attempts for one in waiting) == transports.FAULTS_IN_A_ROW
    assert Relay.objects.get().down_until == NOW + timedelta(seconds=30)


def answering(monkeypatch: pytest.MonkeyPatch, settings: Settings, says: Callable[[str], str]) -> list[str]:
    """Lets each recipient be answered; to whom mail went, in order. ``250`` takes the mail."""
    asked: list[str] = []

    def send(self: smtp.Session, envelope: smtp.Envelope, *arguments: Any) -> None:
        asked.append(envelope.recipient)
        if not (answer := says(envelope.recipient)).startswith("250"):
            raise smtp.Refused(int(answer[:3]), answer[4:], "recipient")

    monkeypatch.setattr(smtp.Session, "send", send)
    options = {"host": "127.0.0.1", "port": 1}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    PaperFactory.create_batch(3)
    return asked


@pytest.mark.parametrize("said", OURS)
def test_what_is_said_of_us_rests_the_relay_and_costs_no_reader_anything(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, said: str
) -> None:
    asked = answering(monkeypatch, settings, lambda _: said if said[:3].isdigit() else f"550 {said}")
    waiting = [due(address) for address in READERS]

    drain_due(clock)

    assert {fresh(one).state for one in waiting} == {"due"}
    assert (len(asked), Relay.objects.get().down_until) == (1, NOW + timedelta(seconds=30))
    assert not Suppression.objects.exists()


def test_a_reader_whose_server_refuses_us_does_not_hold_up_the_others(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    refusing = READERS[2]
    answering(monkeypatch, settings, lambda to: "550 5.7.1 blocked by policy" if to == refusing else "250 ok")
    deliveries = {address: due(address) for address in READERS}

    drain_due(clock)

    assert {address for address, one in deliveries.items() if fresh(one).state == "sent"} == set(READERS) - {refusing}
    assert fresh(deliveries[refusing]).state == "due"
    assert not Relay.objects.exclude(strikes=0).exists()
    assert MailEvent.objects.get().kind == "ours"


def test_a_delivery_rests_the_relay_once(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    asked = answering(monkeypatch, settings, lambda _: "550 5.1.8 Sender address rejected")
    one = due(READERS[0])

    for minutes in (0, 10, 30):
        drain_due(lambda minutes=minutes: NOW + timedelta(minutes=minutes))  # type: ignore[misc]

    assert (len(asked), Relay.objects.get().strikes, fresh(one).state) == (3, 1, "due")


@pytest.mark.parametrize(("said", "kind"), [("550 Benutzer unbekannt", "hard"), ("550 5.1.1 mailbox full", "soft")])
def test_what_is_said_of_the_recipient_is_the_readers(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, said: str, kind: str
) -> None:
    answering(monkeypatch, settings, lambda _: said)
    one = due(READERS[0])

    drain_due(clock)

    assert (fresh(one).state, MailEvent.objects.get().kind) == ("failed", kind)
    assert Suppression.objects.exists() == (kind == "hard")
    assert fresh(one).mailed_to == MailEvent.objects.get().address_hash
