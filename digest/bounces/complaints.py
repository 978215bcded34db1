"""Reads complaints: a provider tells that a reader called a mail spam (RFC 5965, and forms older than that)."""

import re
from collections.abc import Iterator

from digest.bounces.mime import Part, fields_of

# RFC 5965, section 7.3, and RFC 6430. What judges no person's wish, such as a failed signature (RFC 6591) or
# "not spam", is none; a type nobody registered is taken for what it most likely is.
_NO_COMPLAINTS = ("not-spam", "auth-failure", "dkim", "dmarc")
_SUBJECT = re.compile(r"\b(?:complaint|abuse|spam|feedback|fbl|junk)\b", re.IGNORECASE)
# Fields by which a mail is returned to whoever may write to one: of Outlook.com, and of AOL's and others' loops.
_RETURNED = ("x-hmxmroriginalrecipient", "x-aol-complaint", "x-complaints-to-fbl")
_TYPE = re.compile(r"^feedback-type:\s{0,9}([\w-]{1,40})", re.IGNORECASE | re.MULTILINE)


def complained(mail: Part) -> list[str]:
    """The addresses that a complaint names, an empty one where it names none; nothing where it is no complaint."""
    for part in mail.walk():
        if part.kind == "message/feedback-report":
            return list(_of_fields(part.text()))
        if mail is not part and (recipient := _returned_to(part)) and _SUBJECT.search(mail.header("subject")):
            return [recipient]
    return _loose(mail)


def _of_fields(text: str) -> Iterator[str]:
    found = _TYPE.search(text)
    if found and found[1].lower().startswith(_NO_COMPLAINTS):
        return
    fields: list[tuple[str, str]] = []
    for line in text.splitlines():
        name, _, value = line.partition(":")
        fields.append((name.strip().lower(), value.strip()))
    named = [value for name, value in fields if name in ("original-rcpt-to", "removal-recipient")]
    yield from (value.strip("<> ").lower() for value in named or [""])


def _returned_to(part: Part) -> str:
    return next((value.strip("<> ").lower() for name in _RETURNED for value in part.values(name)), "")


def _loose(mail: Part) -> list[str]:
    """A feedback report whose parts were declared as something else on its way."""
    is_report = "feedback-report" in mail.header("content-type").lower()
    for part in mail.walk():
        if part.kind.startswith("text/") and part is not mail:
            text = part.text()
            if (found := _TYPE.search(text)) and (is_report or "user-agent:" in text.lower()):
                return [] if found[1].lower().startswith(_NO_COMPLAINTS) else list(_of_fields(text))
    return []


def is_feedback(mail: Part) -> bool:
    """Whether it is a feedback report at all, also one that complains of nothing."""
    return any(part.kind == "message/feedback-report" for part in mail.walk()) or any(
        fields.get("feedback-type")
        for part in mail.walk()
        if part.kind == "text/plain"
        for fields in fields_of(part.text()[:2000])
    )
