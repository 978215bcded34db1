"""The session's side of the conversation, against a server in this process that writes down every line."""

import smtplib
import socket
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from papersite.mailing.smtp import Dropped, Envelope, Refused, Session, Unreachable

FIRST, SECOND, THIRD = (Envelope(f"bounces+{n}@x.org", f"reader{n}@example.org", is_plain=True) for n in "123")


class Conversation(socketserver.StreamRequestHandler):
    """Says yes to everything, or what ``says`` has for the line."""

    def handle(self) -> None:
        server: Any = self.server
        server.heard.append("connected")
        self.wfile.write(b"220 here\r\n")
        is_data = False
        for raw in self.rfile:
            line = raw.decode().removesuffix("\r\n")
            server.heard.append(line)
            if is_data and line != ".":
                continue
            is_data = line == "DATA"
            answer = server.says.get(line, server.answers.get(line[:4], "250 ok"))
            if answer is None:
                return
            self.wfile.write(f"{answer}\r\n".encode())


@pytest.fixture
def server() -> Iterator[Any]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as made:
        server: Any = made
        server.daemon_threads = True
        server.heard, server.says = [], {}
        server.answers = {"DATA": "354 go on", "ehlo": "250-here\r\n250-8BITMIME\r\n250 PIPELINING"}
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        made.shutdown()
        thread.join()


@pytest.fixture
def session(server: Any) -> Iterator[Session]:
    made = Session(lambda: smtplib.SMTP("127.0.0.1", server.server_address[1], timeout=2), mails_a_session=100)
    yield made
    made.close()


def heard(server: Any) -> list[str]:
    """All lines, without the greeting's."""
    return [line for line in server.heard if not line.lower().startswith("ehlo")]


def test_send_hands_over_an_envelope_and_a_mail(server: Any, session: Session) -> None:
    session.send(FIRST, b"Subject: x\r\n\r\nHello\r\n")

    assert heard(server) == [
        "connected", "MAIL FROM:<bounces+1@x.org>", "RCPT TO:<reader1@example.org>", "DATA",
        "Subject: x", "", "Hello", ".",
    ]  # fmt: skip


def test_a_session_waits_for_no_acknowledgement(session: Session) -> None:
    session.send(FIRST, b"Subject: Hello\r\n\r\nHello\r\n")

    assert session._smtp is not None
    assert session._smtp.sock is not None
    assert session._smtp.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_send_keeps_dots_that_begin_a_line(server: Any, session: Session) -> None:
    session.send(FIRST, b".one\r\n..\r\n.\r\ntwo.\r\n")

    assert heard(server)[4:] == ["..one", "...", "..", "two.", "."]


def test_send_says_that_a_mail_has_eight_bits_where_the_server_asks(server: Any, session: Session) -> None:
    session.send(FIRST._replace(is_plain=False), "é\r\n".encode())

    assert heard(server)[1] == "MAIL FROM:<bounces+1@x.org> BODY=8BITMIME"


def test_send_takes_the_next_envelope_along_and_does_not_say_it_again(server: Any, session: Session) -> None:
    session.send(FIRST, b"one\r\n", SECOND)
    session.send(SECOND, b"two\r\n")

    assert heard(server)[4:] == [
        "one", ".", "MAIL FROM:<bounces+2@x.org>", "RCPT TO:<reader2@example.org>", "DATA", "two", ".",
    ]  # fmt: skip


def test_send_takes_back_an_envelope_whose_mail_is_not_to_leave(server: Any, session: Session) -> None:
    session.send(FIRST, b"one\r\n", SECOND)
    session.send(THIRD, b"three\r\n")

    assert heard(server).count("connected") == 2
    assert heard(server)[-3:] == ["DATA", "three", "."]
    assert "two" not in heard(server)


def test_send_waits_for_each_answer_where_the_server_wants_that(server: Any, session: Session) -> None:
    server.answers["ehlo"] = "250 here"

    session.send(FIRST, b"one\r\n", SECOND)

    assert heard(server)[-2:] == ["one", "."]


@pytest.mark.parametrize(
    ("line", "answer", "is_what"),
    [
        ("RCPT TO:<reader1@example.org>", "550 5.1.1 nobody", (False, False, False)),
        ("RCPT TO:<reader1@example.org>", "450 4.2.1 later", (True, False, False)),
        ("RCPT TO:<reader1@example.org>", "550 5.7.1 no relaying", (False, False, False)),
        ("MAIL FROM:<bounces+1@x.org>", "530 log in", (False, True, True)),
        (".", "552 5.3.4 too big", (False, False, False)),
        (".", "451 busy", (True, False, False)),
    ],
)
def test_send_tells_whose_fault_a_refusal_is_and_the_session_goes_on(
    server: Any, session: Session, line: str, answer: str, is_what: tuple[bool, bool, bool]
) -> None:
    server.says[line] = answer

    with pytest.raises(Refused) as caught:
        session.send(FIRST, b"one\r\n")
    server.says.clear()
    session.send(SECOND, b"two\r\n")

    refusal = caught.value
    assert (refusal.code, refusal.text) == (int(answer[:3]), answer[4:])
    assert (refusal.is_passing, refusal.is_about_sender, refusal.needs_login) == is_what
    assert heard(server).count("connected") == 1


@pytest.mark.parametrize(("line", "is_uncertain"), [("RCPT TO:<reader1@example.org>", False), (".", True)])
def test_send_knows_whether_a_broken_connection_leaves_a_doubt(
    server: Any, session: Session, line: str, is_uncertain: bool
) -> None:
    server.says[line] = None

    with pytest.raises(Dropped) as caught:
        session.send(FIRST, b"one\r\n")

    assert caught.value.is_uncertain is is_uncertain


def test_send_tries_a_session_anew_that_the_server_ended(server: Any, session: Session) -> None:
    session.send(FIRST, b"one\r\n")
    server.says["MAIL FROM:<bounces+2@x.org>"] = None

    with pytest.raises(Dropped):
        session.send(SECOND, b"two\r\n")
    server.says.clear()
    session.send(SECOND, b"two\r\n")

    # Once on the old session and once on a new one; then on a third.
    assert heard(server).count("connected") == 3
    assert heard(server).count("two") == 1


def test_a_server_that_ends_every_session_at_once_is_unreachable(server: Any, session: Session) -> None:
    server.answers["MAIL"] = "421 enough"

    with pytest.raises(Unreachable):
        session.send(FIRST, b"one\r\n")

    assert heard(server).count("connected") == 2


@pytest.mark.parametrize("address", ["a@b.org>\r\nRCPT TO:<c@d.org", "a b@c.org", "<a@b.org>", "nobody", "a@b\x00.org"])
def test_send_puts_nothing_on_the_wire_that_is_no_address(server: Any, session: Session, address: str) -> None:
    with pytest.raises(Refused):
        session.send(Envelope("bounces@x.org", address), b"one\r\n")

    assert not [line for line in heard(server) if line.startswith(("MAIL", "RCPT"))]


def test_send_writes_a_domain_of_other_letters_as_the_wire_wants_it(server: Any, session: Session) -> None:
    session.send(Envelope("bounces@x.org", "reader@exämple.org", is_plain=True), b"one\r\n")

    assert "RCPT TO:<reader@xn--exmple-cua.org>" in heard(server)


def test_a_server_that_is_not_there_is_unreachable() -> None:
    session = Session(lambda: smtplib.SMTP("127.0.0.1", 1, timeout=1), mails_a_session=1)

    with pytest.raises(Unreachable, match="ConnectionRefusedError"):
        session.send(FIRST, b"one\r\n")


EIGHT_BIT = (
    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    "Grüße\r\n.\r\n"
).encode()


@pytest.mark.parametrize("greeting", ["250-here\r\n250 PIPELINING", "250 here", "502 no such word"])
def test_a_server_that_takes_no_other_bytes_gets_them_packed(server: Any, session: Session, greeting: str) -> None:
    server.answers["ehlo"] = greeting

    session.send(Envelope("bounces@x.org", "reader@example.org", has_no_dots=True), EIGHT_BIT)

    lines = heard(server)
    assert "MAIL FROM:<bounces@x.org>" in lines
    assert lines[-5:] == ["Content-Transfer-Encoding: quoted-printable", "", "Gr=C3=BC=C3=9Fe", "=2E", "."]


def test_a_server_that_takes_them_gets_the_mail_as_it_is(server: Any, session: Session) -> None:
    session.send(Envelope("bounces@x.org", "reader@example.org"), EIGHT_BIT)

    assert "MAIL FROM:<bounces@x.org> BODY=8BITMIME" in heard(server)
    assert heard(server)[-5:] == ["Content-Transfer-Encoding: 8bit", "", "Grüße", "..", "."]
