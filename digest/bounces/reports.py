"""Reads what mail servers send back: reports of failure (RFC 3464 and older habits) and complaints (RFC 5965).

Pure: bytes come in, what they say goes out. What is no report says nothing, whatever it looks like.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from typing import Any, cast

LIMIT = 2_000_000
HARD, SOFT, COMPLAINT = "hard", "soft", "complaint"

# The address is wrong and will stay so. Asked after the next, since a full mailbox exists.
_GONE = re.compile(
    r"user\W{0,3}(is )?unknown|unknown (user|recipient|mailbox|address|local.part)"
    r"|no such (user|mailbox|address|recipient|person)|no mailbox here|no account by that name|not our customer"
    r"|(user|recipient|mailbox|account|address|addressee)[^.\n]{0,80}?(does not|doesn.t|not) (exist|found|listed|known)"
    r"|(does not|doesn.t) (exist|have an? \S{0,40} ?(account|mailbox))|not a (valid|known) (user|mailbox|recipient)"
    r"|invalid (recipient|mailbox|user)|invalid[^.\n]{0,30}user.?id|unknown in (virtual|relay|local)|not listed in"
    r"|recipient\w* (address )?rejected: (user|access denied)|recipient not found|mailbox (unavailable|not found)"
    r"|(host|domain)( name| or domain name)?[^.\n]{0,60}(not found|unknown|does not exist)|undeliverable address"
    r"|bad destination (mailbox|system)|name or service not known|wasn.t found at the destination|unrouteable"
    r"|account (has been |is )?(closed|terminated|deleted)|nullmx|null mx|does not accept mail"
    r"|user .{0,60}\bnot known|address rejected|check if address is correct",
    re.IGNORECASE,
)
_PASSING = re.compile(
    r"quota|mailbox (is )?full|exceed|too (large|big|many)|insufficient|temporar|try again|timed? ?out|delayed|deferred"
    r"|gr[ea]y.?list|rate.?limit|throttl|spam|virus|polic|block(ed|list)|blacklist|reputation|content|suspend|loop"
    r"|dmarc|\bspf\b|dkim|authenti|relay|not accepted from|connection|administrat|prohibited|not authori[sz]ed"
    r"|permission|rdns|ptr record|reverse dns",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_SENDER_STATUS = {(1, 7), (1, 8)}
_HARD_STATUS = {(1, 0), (1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (7, 27), (4, 4)}
_DAEMON = re.compile(r"mailer.?daemon|maildaemon|postmaster|mail deliver|delivery (sub)?system|^<>$", re.IGNORECASE)
_FAILURE = re.compile(
    r"undeliver|deliver\w* (status|fail|problem|incomplete|has failed)|fail\w* (notice|deliver|mail)|non.?deliver"
    r"|return(ed|ing) (mail|message|to sender)|could not be delivered|mail (error|system error|failure)|unzustellbar"
    r"|user unknown|message status",
    re.IGNORECASE,
)
_RETURNED = re.compile(
    r"^-{2,}.{0,60}(original|returned|copy|header|below).*$|^original message.{0,20}$|^(Received|Return-Path): ",
    re.IGNORECASE | re.MULTILINE,
)
_COMPLAINT_TYPES = {"abuse", "fraud", "virus", "other", "opt-out", "opt-out-list", "miscategorized"}


@dataclass(frozen=True, slots=True)
class Report:
    """What happened to one mail at one address."""

    kind: str
    recipient: str = ""
    status: str = ""
    said: str = ""


def read(raw: bytes) -> list[Report]:
    """What a mail reports; nothing where it is an ordinary mail, an answer of an absent reader, or damaged."""
    mail = message_from_bytes(raw[:LIMIT], policy=policy.compat32)
    if complaints := list(_complaints(mail)):
        return complaints
    if _is_answer(mail):
        return []
    failures = list(_failures(mail))
    if failures or _has_status_part(mail):
        return failures
    return _guessed(mail)


def classify(status: str, said: str) -> str:
    """Whether the address is gone for good, or something may pass."""
    found = _STATUS.search(status) or _last_status(said)
    kind = found[1] if found else ""
    if kind == "4":
        return SOFT
    detail = (int(found[2]), int(found[3])) if found else (0, 0)
    # A server that says both means the first: "5.2.2 user unknown or over quota" is over quota.
    if detail in _HARD_STATUS and not (detail == (1, 0) and not _GONE.search(said)):
        return HARD
    if (detail[0] in (2, 3, 6, 7) and detail != (2, 1)) or detail in _SENDER_STATUS:
        return SOFT
    if _GONE.search(said) and not _PASSING.search(_GONE.sub(" ", said)):
        return HARD
    return SOFT


def returned_headers(raw: bytes) -> str:
    """The headers of the mail that came back, as text, as far as they came along."""
    mail = message_from_bytes(raw[:LIMIT], policy=policy.compat32)
    found = []
    for part in mail.walk():
        kind = part.get_content_type()
        if (inner := _inner(part)) is not None:
            found += [f"{name}: {value}" for name, value in inner.items()]
        elif kind == "text/rfc822-headers":
            found.append(_text(part))
    return "\n".join(found) or "\n".join(_text(part) for part in mail.walk() if part.get_content_maintype() == "text")


def _complaints(mail: Message) -> Iterator[Report]:
    for part in mail.walk():
        if part.get_content_type() == "message/feedback-report":
            fields = _fields(part)[0] if _fields(part) else {}
            if fields.get("feedback-type", ["abuse"])[0].lower() in _COMPLAINT_TYPES:
                recipients = fields.get("original-rcpt-to") or fields.get("removal-recipient") or [""]
                yield from (Report(COMPLAINT, _address(one)) for one in recipients)
        elif (inner := _inner(part)) is not None:
            # Outlook's own form of it.
            recipient = inner.get("X-HmXmrOriginalRecipient")
            if recipient and "complaint" in _header(mail, "Subject").lower():
                yield Report(COMPLAINT, _address(str(recipient)))


def _failures(mail: Message) -> Iterator[Report]:
    for part in mail.walk():
        if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        for fields in _fields(part):
            action = fields.get("action", [""])[0].lower()
            recipient = (fields.get("original-recipient") or fields.get("final-recipient") or [""])[0]
            if not recipient or action in ("delivered", "relayed", "expanded", "delayed"):
                continue
            status = fields.get("status", [""])[0]
            said = " ".join(fields.get("diagnostic-code", []))
            context = said or _human_text(mail)
            yield Report(classify(_clearer(status, said), context), _address(recipient), status, said[:300])


def _clearer(status: str, said: str) -> str:
    """The status in the server's own words, where the field has none or only says "failed"."""
    inner = _last_status(said)
    return inner[0] if inner and (not _STATUS.search(status) or re.match(r"[245]\.0\.0", status)) else status


def _last_status(said: str) -> re.Match[str] | None:
    """Where one server quotes another, the last word is the one that decided."""
    return next(reversed(list(_STATUS.finditer(said))), None)


def _guessed(mail: Message) -> list[Report]:
    """Reports from before there was a form for them."""
    text = _human_text(mail)
    failed = _header(mail, "X-Failed-Recipients")
    tells_of_failure = _FAILURE.search(_header(mail, "Subject")) or _FAILURE.search(text)
    if not failed and not (_is_daemon(mail) and tells_of_failure):
        return []
    said = f"{_header(mail, 'Subject')}\n{text}"
    found = re.search(r"[\w.+-]+@[\w-]+\.[\w.-]+", text)
    return [Report(classify("", said), _address(failed or (found[0] if found else "")), "", "")]


def _is_answer(mail: Message) -> bool:
    """Of a person who is away, or of a list that wants something: not about the mail's fate.

    Some servers call their reports answers, too.
    """
    if _has_status_part(mail) or _is_daemon(mail) or mail.get("X-Failed-Recipients"):
        return False
    markers = ("X-Autoreply", "X-Autorespond", "X-Auto-Response", "X-Vacation")
    is_automatic = _header(mail, "Auto-Submitted").lower().startswith("auto-replied")
    return is_automatic or any(mail.get(one) for one in markers)


def _is_daemon(mail: Message) -> bool:
    return bool(_DAEMON.search(_header(mail, "From")) or _DAEMON.search(_header(mail, "Return-Path").strip()))


def _has_status_part(mail: Message) -> bool:
    return any(part.get_content_type().endswith("delivery-status") for part in mail.walk())


def _inner(part: Message) -> Message | None:
    """The mail that a part of a report carries."""
    payload: Any = part.get_payload()
    is_mail = part.get_content_type() == "message/rfc822" and isinstance(payload, list) and payload
    return cast("Message", payload[0]) if is_mail else None


def _fields(part: Message) -> list[dict[str, list[str]]]:
    """The groups of fields of a part: parsed by Python as messages of their own, or still plain text."""
    payload: Any = part.get_payload()
    groups: list[Message] = (
        payload if isinstance(payload, list) else [message_from_bytes(block) for block in _blocks(part)]
    )
    found = []
    for group in groups:
        fields: dict[str, list[str]] = {}
        for name, value in group.items():
            fields.setdefault(name.lower(), []).append(" ".join(str(value).split()))
        found.append(fields)
    return found


def _blocks(part: Message) -> list[bytes]:
    return re.split(rb"\r?\n\r?\n", _text(part).encode(errors="replace"))


def _human_text(mail: Message) -> str:
    """What the report says to people, up to the mail that it returns."""
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            text = _text(part)
            cut = _RETURNED.search(text)
            return text[: cut.start()] if cut and cut.start() > 10 else text
    return ""


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return str(part.get_payload() or "")
    try:
        return payload.decode(part.get_content_charset() or "utf-8", errors="replace")
    except LookupError:
        return payload.decode("latin-1")


def _header(mail: Message, name: str) -> str:
    value = str(mail.get(name, ""))
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError):
        return value


def _address(field: str) -> str:
    found = getaddresses([field.rpartition(";")[2].strip()])
    return found[0][1].lower() if found else ""
