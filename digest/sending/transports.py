"""What takes a mail away: a session with an SMTP server, or whatever Django's mailer is, such as a provider.

Each says how the mail fared as an outcome. RelayDown is raised where the answer is about the
relay and not about this mail, so that no reader pays for it.
"""

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from typing import Protocol, cast
from uuid import NAMESPACE_URL, uuid5

import anymail.exceptions
from anymail.backends.base_requests import AnymailRequestsBackend
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from digest.bounces import handling
from digest.bounces.judging import Stage, Verdict, speaks_of_sender
from digest.composing import digest_mail
from digest.models import Delivery
from digest.sending import claims
from digest.sending.claims import SENT
from digest.types import Claim, Outcome
from papersite.mailing import mail, smtp
from papersite.mailing.mail import Mail

logger = logging.getLogger(__name__)

State = Delivery.State
# So many mails in a row on which the connection broke, or which policy forbade, are the relay's fault.
FAULTS_IN_A_ROW = 3


class RelayDown(Exception):
    """The mail server itself refuses or is not there: no reader is to pay for it."""

    def __init__(self, reason: str, outcome: Outcome | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.outcome = outcome


class NotBuilt(Exception):
    """A mail that no bytes can be made of: nothing of it left."""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A claimed delivery with its mail, ready to leave."""

    claim: Claim
    raw: bytes | None
    mail: Mail | None = None
    envelope: smtp.Envelope = field(init=False)

    def __post_init__(self) -> None:
        is_plain = self.raw is not None and self.raw.isascii()
        envelope = smtp.Envelope(
            digest_mail.bounce_address(self.claim.token),
            self.claim.address,
            is_plain=is_plain,
            has_no_dots=self.raw is not None,
        )
        object.__setattr__(self, "envelope", envelope)

    def as_bytes(self) -> bytes:
        if self.raw is not None:
            return self.raw
        assert self.mail is not None
        try:
            return self.mail.message(policy=policy.SMTP).as_bytes()
        except Exception as error:
            if isinstance(error, SoftTimeLimitExceeded):
                raise
            raise NotBuilt(type(error).__name__) from error


class Transport(Protocol):
    takes_bytes: bool

    def send(
        self, message: OutgoingMessage, following: OutgoingMessage | None, clock: Callable[[], datetime]
    ) -> Outcome: ...

    def close(self) -> None: ...


def default_transport() -> Transport:
    """What the settings say mail leaves by."""
    backend = mailers.default
    return SmtpTransport(backend) if type(backend) is SmtpBackend else BackendTransport(backend)


class SmtpTransport:
    """Hands over ready-made bytes on one session."""

    takes_bytes = True

    def __init__(self, backend: SmtpBackend) -> None:
        self.backend = backend
        self.session = smtp.Session(self._connect, mails_a_session=settings.RELAY_MAILS_A_SESSION)
        self.faults = 0
        self.has_sent = False

    def _connect(self) -> smtplib.SMTP:
        self.backend.connection = None
        try:
            self.backend.open()
        finally:
            # Django keeps a session that it could not finish to open, and would ask it to end in good order.
            partial = vars(self.backend).pop("_partial_connection", None)
            vars(self.backend)["_partial_connection"] = None
            if partial is not None:
                partial.close()
        assert self.backend.connection is not None
        return self.backend.connection

    def send(
        self, message: OutgoingMessage, following: OutgoingMessage | None, clock: Callable[[], datetime]
    ) -> Outcome:
        claim = message.claim
        body = message.as_bytes()
        try:
            ahead = following.envelope if following and following.raw else None
            self.session.send(message.envelope, body, ahead)
        except smtp.Refused as refusal:
            return self._refusal(claim, refusal, clock())
        except smtp.Dropped as drop:
            logger.warning("delivery.dropped delivery=%s uncertain=%s", claim.pk, drop.is_uncertain)
            outcome = claims.retry(claim, clock(), "the connection broke", is_uncertain=drop.is_uncertain)
            return self._fault("The connection broke again and again.", outcome)
        except smtp.Unreachable as error:
            raise RelayDown(str(error)) from error
        self.faults = 0
        self.has_sent = True
        return SENT

    def _refusal(self, claim: Claim, refusal: smtp.Refused, now: datetime) -> Outcome:
        logger.warning("delivery.refused delivery=%s code=%s", claim.pk, refusal.code)
        answer = f"{refusal.code} {refusal.text}"
        stage = Stage(refusal.stage)
        verdict = handling.understood(claim.address, answer, stage)
        is_ours = verdict == Verdict.OURS or refusal.needs_login
        if refusal.is_about_sender or (is_ours and self._is_first_word(claim)):
            raise RelayDown(answer, claims.retry(claim, now, answer))
        if is_ours:
            if not refusal.is_passing:
                handling.refused(claim, answer, now, stage)
            return self._fault(answer, claims.retry(claim, now, answer))
        self.faults = 0
        if refusal.is_passing:
            return claims.retry(claim, now, answer)
        handling.refused(claim, answer, now, stage)
        return Outcome(State.FAILED, f"The mail server refused it: {answer}")

    def _is_first_word(self, claim: Claim) -> bool:
        """Whether nothing speaks for the relay: it took no mail of this run, and did not rest for this one before.

        What it refuses in between others that it takes may be one recipient's rule, whose reader must not be
        able to hold up all.
        """
        return not self.has_sent and claim.attempts <= 1

    def _fault(self, reason: str, outcome: Outcome) -> Outcome:
        """One such answer is this mail's; several in a row are the relay's."""
        self.faults += 1
        if self.faults >= FAULTS_IN_A_ROW:
            self.faults = 0
            raise RelayDown(reason, outcome)
        return outcome

    def close(self) -> None:
        self.session.quit()


class BackendTransport:
    """Gives whole messages to Django's mailer: a provider's API, or files."""

    takes_bytes = False

    def __init__(self, backend: BaseEmailBackend) -> None:
        self.backend = backend

    def send(
        self, message: OutgoingMessage, following: OutgoingMessage | None, clock: Callable[[], datetime]
    ) -> Outcome:
        assert message.mail is not None
        # So that the provider's news name the delivery; other mailers take no notice.
        vars(message.mail)["metadata"] = {"delivery": message.claim.token}
        try:
            self.backend.open()
            self._name(message.mail, str(uuid5(NAMESPACE_URL, message.claim.message_id)))
            self.backend.send_messages([message.mail])
        except anymail.exceptions.AnymailError as error:
            return self._refusal(message.claim, error, clock())
        except smtplib.SMTPRecipientsRefused as error:
            said = " ".join(f"{code} {smtp.printable(text)}" for code, text in error.recipients.values())
            return self._final(message.claim, said, "The mail server refused it", clock())
        except OSError as error:
            raise RelayDown(type(error).__name__) from error
        return SENT

    def _name(self, message: mail.Mail, key: str) -> None:
        """Tells the providers that want to know by which name a mail that comes again is the same mail."""
        if settings.EMAIL_PROVIDER == "brevo":
            message.extra_headers["idempotencyKey"] = key
        elif settings.EMAIL_PROVIDER == "resend":
            # Not of the mail but of the request: anymail has no place for it but the session.
            cast("AnymailRequestsBackend", self.backend).session.headers["Idempotency-Key"] = key

    def _refusal(self, claim: Claim, error: anymail.exceptions.AnymailError, now: datetime) -> Outcome:
        """Reads a provider's HTTP status: their faults pass, a lost key is the operator's, the rest is final."""
        status = error.status_code
        logger.warning("delivery.refused delivery=%s status=%s error=%s", claim.pk, status, type(error).__name__)
        if isinstance(error, anymail.exceptions.AnymailRecipientsRefused):
            return Outcome(State.FAILED, "The mail provider refuses this address.")
        if status in (401, 403):
            raise RelayDown(f"The mail provider answered {status}.") from error
        is_passing = isinstance(error, OSError) if status is None else status in (409, 429) or status >= 500
        if is_passing:
            # Without an answer, or with a broken one, the provider may have taken the mail; 409 says that
            # it had one by this name before.
            return claims.retry(claim, now, f"status {status}", is_uncertain=status != 429)
        said = " ".join(map(str, (*error.args, getattr(error.response, "text", ""))))
        return self._final(claim, said, f"The mail provider cannot take this mail (status {status})", now)

    @staticmethod
    def _final(claim: Claim, said: str, reason: str, now: datetime) -> Outcome:
        """A no for good: what it says of us, such as a sender that is not verified, is no reader's fault."""
        if speaks_of_sender(said):
            raise RelayDown(said[:300], claims.retry(claim, now, said[:200]))
        return Outcome(State.FAILED, f"{reason}.")

    def close(self) -> None:
        try:
            self.backend.close()
        except (smtplib.SMTPException, OSError):
            logger.debug("relay.close_failed")
