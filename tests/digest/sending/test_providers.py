"""What a provider's API says, what it learns, and what becomes of the mail."""

import http.server
import threading
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from anymail.backends import resend
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from pytest_django import Settings

from digest.sending.transports import BackendTransport, OutgoingMessage, RelayDown
from digest.types import Claim
from papersite.mailing import mail
from tests.digest.sending.due import clock
from tests.factories import NOW

pytestmark = pytest.mark.django_db


class Refusing:
    """A mailer that answers every mail with one error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def open(self) -> None:
        pass

    def send_messages(self, messages: Any) -> int:
        raise self.error


def carried(error: Exception) -> Any:
    outgoing = OutgoingMessage(Claim(1, NOW.date(), 1, NOW, attempts=1), None, mail.Mail())
    return BackendTransport(Refusing(error)).send(outgoing, None, clock)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "state", "is_uncertain"),
    [
        (AnymailAPIError("busy", status_code=503), "due", True),
        (AnymailAPIError("slow down", status_code=429), "due", False),
        (AnymailAPIError("once more?", status_code=409), "due", True),
        (AnymailAPIError("bad request", status_code=400), "failed", False),
        (AnymailRecipientsRefused("refused"), "failed", False),
        (AnymailAPIError("inactive recipient: hard bounce or spam complaint", status_code=422), "failed", False),
        (SMTPRecipientsRefused({"x@y.org": (550, b"no such user")}), "failed", False),
    ],
)
def test_a_provider_is_understood(error: Exception, state: str, is_uncertain: bool) -> None:
    outcome = carried(error)

    assert (outcome.state, outcome.is_uncertain) == (state, is_uncertain)


class Taking:
    """A mailer that takes everything, and keeps it."""

    def __init__(self) -> None:
        self.taken: list[Any] = []

    def open(self) -> None:
        pass

    def send_messages(self, messages: Any) -> int:
        self.taken += messages
        return len(messages)


def test_a_provider_learns_which_delivery_it_is_and_that_a_repeat_is_one(settings: Settings) -> None:
    settings.EMAIL_PROVIDER = "brevo"
    mailer = Taking()
    for _ in range(2):
        outgoing = OutgoingMessage(Claim(1, NOW.date(), 1, NOW, token="1.signed"), None, mail.Mail())
        assert BackendTransport(mailer).send(outgoing, None, clock).state == "sent"  # type: ignore[arg-type]

    first, second = mailer.taken
    assert first.metadata == {"delivery": "1.signed"}
    assert first.extra_headers["idempotencyKey"] == second.extra_headers["idempotencyKey"]


class Provider(http.server.BaseHTTPRequestHandler):
    """Takes every mail as Resend would, and keeps the keys that came with them."""

    keys: list[str | None]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.keys.append(self.headers["Idempotency-Key"])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"id": "1"}')

    def log_message(self, *arguments: Any) -> None:
        pass


def test_resend_learns_with_the_request_that_a_repeat_is_one(settings: Settings) -> None:
    settings.EMAIL_PROVIDER = "resend"
    handler = type("Handler", (Provider,), {"keys": []})
    with http.server.HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        transport = BackendTransport(
            resend.EmailBackend(api_key="a-key", api_url=f"http://127.0.0.1:{server.server_port}/")
        )
        for number in (1, 2, 1):
            message = mail.Mail("3 papers", "Text", "digest@papers.example.org", ["reader@example.org"])
            claim = Claim(number, NOW.date(), 1, NOW, token="1.signed", message_id=f"<{number}@papers.example.org>")
            outgoing = OutgoingMessage(claim, None, message)
            assert transport.send(outgoing, None, clock).state == "sent"
        transport.close()
        server.shutdown()

    first, second, repeat = handler.keys  # type: ignore[attr-defined]
    assert first is not None
    assert (first == repeat, first == second) == (True, False)


@pytest.mark.parametrize(
    "error",
    [
        AnymailAPIError("who are you", status_code=401),
        AnymailAPIError("Sender signature not found", status_code=422),
        TimeoutError(),
    ],
)
def test_no_reader_is_blamed_for_the_provider(error: Exception) -> None:
    with pytest.raises(RelayDown):
        carried(error)
