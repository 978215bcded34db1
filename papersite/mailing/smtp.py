"""A session with a mail server that stays open and takes ready-made bytes.

Where the server offers pipelining, an envelope costs one round trip instead of three.
What the server says comes back as one of three exceptions, which tell whose fault it is.
"""

import re
import smtplib
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.encoding import punycode

from papersite.mailing import seven_bit

# What may stand in an envelope: nothing that could end the command or the brackets.
_ADDRESS = re.compile(r"[^\s<>\x00-\x1f\x7f]+@[^\s<>@\x00-\x1f\x7f]+")
CLOSING = 421
STAGES = ("sender", "recipient", "data")
# In seconds, for each word of a server; well under DIGEST_LEASE, so that a hanging relay is noticed by
# the one who waits for it.
PATIENCE = 30


def backend(url: Mapping[str, Any]) -> dict[str, Any]:
    """Django's backend for a mail server, from what django-environ reads in EMAIL_URL."""
    options = {
        "host": url["EMAIL_HOST"],
        "port": url["EMAIL_PORT"] or None,
        "username": url["EMAIL_HOST_USER"] or "",
        "password": url["EMAIL_HOST_PASSWORD"] or "",
        "use_tls": url.get("EMAIL_USE_TLS", False),
        "use_ssl": url.get("EMAIL_USE_SSL", False),
        "timeout": PATIENCE,
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}


@dataclass(eq=False)
class Refused(Exception):
    """The server answered, and the answer is about this mail."""

    code: int
    text: str
    stage: str = ""
    """What was refused: ``sender``, ``recipient`` or ``data``."""

    @property
    def is_about_sender(self) -> bool:
        """Refused before any recipient was named: it is not the reader who is refused."""
        return self.stage == STAGES[0]

    @property
    def is_passing(self) -> bool:
        return 400 <= self.code < 500

    @property
    def needs_login(self) -> bool:
        """Whether the server wants to know first who we are (RFC 4954)."""
        return self.code in (530, 534, 535, 538)


@dataclass(eq=False)
class Dropped(Exception):
    """The connection broke while a mail was in hand."""

    is_uncertain: bool
    """The whole mail had been handed over: the server may have taken it."""


class Unreachable(Exception):
    """No session can be opened: nobody is there, or the server will not have us."""


class _Closing(Exception):
    """421: the server ends this session; another one may be welcome."""


class Envelope(NamedTuple):
    sender: str
    recipient: str
    is_plain: bool = False
    """Whether the mail has nothing beyond ASCII."""
    has_no_dots: bool = False
    """Whether it is known that no line begins with a dot; looking for one takes longer than all the rest."""


class Session:
    """Opened when first needed, and anew when the server ends it or after ``mails_a_session``."""

    def __init__(self, connect: Callable[[], smtplib.SMTP], *, mails_a_session: int) -> None:
        self._connect = connect
        self._mails_a_session = mails_a_session
        self._smtp: smtplib.SMTP | None = None
        self._mails = 0
        self._ahead: Envelope | None = None

    def send(self, envelope: Envelope, body: bytes, following: Envelope | None = None) -> None:
        """Hands over one mail; ``body`` has CRLF line ends. Returning means that the server took it.

        The envelope of the mail that is to follow goes along, so that its answers are there when it
        is sent. Nothing of that mail itself leaves before.
        """
        is_used = self._mails > 0
        try:
            return self._send(envelope, body, following)
        except _Closing:
            # Servers end a session after so many mails, which says nothing about this one.
            self.close()
        except Dropped as drop:
            self.close()
            if drop.is_uncertain or not is_used:
                raise
        try:
            return self._send(envelope, body, None)
        except _Closing as closing:
            self.close()
            raise Unreachable("421 twice in a row") from closing
        except Dropped:
            self.close()
            raise

    def close(self) -> None:
        smtp, self._smtp, self._mails, self._ahead = self._smtp, None, 0, None
        if smtp is not None:
            smtp.close()

    def quit(self) -> None:
        """Ends the session in good order."""
        try:
            if self._smtp is not None and self._ahead is None:
                _socket(self._smtp).settimeout(2)
                self._smtp.quit()
        except (smtplib.SMTPException, OSError):
            pass
        finally:
            self.close()

    def _send(self, envelope: Envelope, body: bytes, following: Envelope | None) -> None:
        if self._ahead not in (None, envelope):
            # The server waits for a mail that is not to leave: only hanging up takes it back.
            self.close()
        smtp = self._opened()
        is_handed_over = False
        try:
            self._announce(smtp, envelope)
            ahead = b""
            if following is not None and smtp.has_extn("pipelining") and self._mails + 1 < self._mails_a_session:
                with suppress(Refused):
                    ahead = self._commands(smtp, following)
            body, has_no_dots = self._carried(smtp, envelope, body)
            _socket(smtp).sendall(b"".join((body if has_no_dots else _stuffed(body), _end_of(body), ahead)))
            is_handed_over = True
            self._ahead = following if ahead else None
            self._expect(self._reply(smtp), 250, stage=STAGES[2])
        except (smtplib.SMTPException, OSError, ValueError) as error:
            # A sentence that is no SMTP tells as little of the mail's fate as none.
            raise Dropped(is_handed_over) from error
        self._mails += 1

    @staticmethod
    def _carried(smtp: smtplib.SMTP, envelope: Envelope, body: bytes) -> tuple[bytes, bool]:
        """The mail as this server takes it, and whether it is known that no line begins with a dot."""
        if envelope.is_plain or smtp.has_extn("8bitmime"):
            return body, envelope.has_no_dots
        return seven_bit.packed(body), False

    def _commands(self, smtp: smtplib.SMTP, envelope: Envelope) -> bytes:
        sender, recipient = _address(envelope.sender), _address(envelope.recipient)
        options = self._options(smtp, sender + recipient, is_plain=envelope.is_plain)
        return f"MAIL FROM:<{sender}>{options}\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode()

    def _announce(self, smtp: smtplib.SMTP, envelope: Envelope) -> None:
        """Up to the point at which the server waits for the mail itself."""
        if self._ahead is None:
            commands = self._commands(smtp, envelope)
            if smtp.has_extn("pipelining"):
                _socket(smtp).sendall(commands)
        self._ahead = None
        answers = self._answers(smtp) if smtp.has_extn("pipelining") else self._step_by_step(smtp, commands)
        is_open = len(answers) == 3 and answers[2][0] == 354
        try:
            for number, answer in enumerate(answers):
                self._expect(answer, 354 if number == 2 else 250, stage=STAGES[number])
        except Refused:
            if is_open:
                # RFC 2920: the server waits for a mail to nobody, which it gets and refuses.
                _socket(smtp).sendall(b".\r\n")
                smtp.getreply()
            self._reset(smtp)
            raise

    def _answers(self, smtp: smtplib.SMTP) -> list[tuple[int, bytes]]:
        return [self._reply(smtp) for _ in range(3)]

    def _step_by_step(self, smtp: smtplib.SMTP, commands: bytes) -> list[tuple[int, bytes]]:
        answers: list[tuple[int, bytes]] = []
        for command in commands.splitlines(keepends=True):
            _socket(smtp).sendall(command)
            answers.append(self._reply(smtp))
            if answers[-1][0] // 100 not in (2, 3):
                break
        return answers

    @staticmethod
    def _reply(smtp: smtplib.SMTP) -> tuple[int, bytes]:
        answer = smtp.getreply()
        if answer[0] == CLOSING:
            raise _Closing
        return answer

    def _reset(self, smtp: smtplib.SMTP) -> None:
        try:
            if smtp.rset()[0] != 250:
                self.close()
        except (smtplib.SMTPException, OSError):
            self.close()

    @staticmethod
    def _expect(answer: tuple[int, bytes], code: int, *, stage: str) -> None:
        got, text = answer
        if got == code or (code == 250 and got == 251):
            return
        if not 400 <= got < 600:
            raise smtplib.SMTPResponseException(got, text)
        raise Refused(got, printable(text), stage)

    def _options(self, smtp: smtplib.SMTP, addresses: str, *, is_plain: bool) -> str:
        if not addresses.isascii():
            if not smtp.has_extn("smtputf8"):
                raise Refused(553, "5.6.7 The mail server takes no address beyond ASCII.", STAGES[1])
            return " BODY=8BITMIME SMTPUTF8"
        return "" if is_plain or not smtp.has_extn("8bitmime") else " BODY=8BITMIME"

    def _opened(self) -> smtplib.SMTP:
        if self._smtp is not None and self._mails >= self._mails_a_session:
            self.quit()
        if self._smtp is None:
            try:
                self._smtp = self._connect()
                _at_once(_socket(self._smtp))
                self._smtp.ehlo_or_helo_if_needed()
            except (smtplib.SMTPException, OSError, ValueError) as error:
                raise Unreachable(_said(error)) from error
        return self._smtp


def _socket(smtp: smtplib.SMTP) -> socket.socket:
    if smtp.sock is None:
        raise smtplib.SMTPServerDisconnected("The session is closed.")
    return smtp.sock


def _at_once(connection: socket.socket) -> None:
    """What is handed over leaves at once (RFC 9293, 3.7.4).

    Over TLS a mail is several records, of which the last would wait until the server has acknowledged those before
    it, and servers take 40 ms for that.
    """
    if connection.family in (socket.AF_INET, socket.AF_INET6):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _address(address: str) -> str:
    """An address as it goes into an envelope; one that could say more than an address is refused here."""
    if not _ADDRESS.fullmatch(address):
        raise Refused(553, "5.1.3 This is not an address.", STAGES[1])
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain if domain.isascii() else punycode(domain)}"
    except UnicodeError:
        raise Refused(553, "5.1.3 This is not a domain.", STAGES[1]) from None


def printable(text: bytes) -> str:
    """A server's words on one line, without what no database and no page can hold."""
    return " ".join("".join(one if one.isprintable() else " " for one in text.decode(errors="replace")).split())


def _stuffed(body: bytes) -> bytes:
    """With every dot that begins a line doubled."""
    if b"\r\n." in body:
        body = body.replace(b"\r\n.", b"\r\n..")
    return b"." + body if body.startswith(b".") else body


def _end_of(body: bytes) -> bytes:
    """The final dot, on a line of its own."""
    return b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n"


def _said(error: Exception) -> str:
    """For the operator: what went wrong, without the address of anybody."""
    if isinstance(error, smtplib.SMTPResponseException):
        if error.smtp_code < 0:
            return "The server speaks no SMTP."
        text = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return f"{error.smtp_code} {' '.join(str(text).split())[:150]}"
    return f"{type(error).__name__}: {str(error)[:150]}".rstrip(": ")
