"""Decides what a refusal means for the reader: only words or codes about the recipient may cost one their mail.

A refusal is ``hard`` where the server says that there is no such recipient, ``ours`` where it says something
about us or about the mail, and ``soft`` in any doubt. The order of the questions is the point: what speaks for
the reader is asked first.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from digest.bounces import wording
from digest.bounces.gone import Family


class Verdict(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    OURS = "ours"


class Stage(StrEnum):
    """Which of our commands was refused (RFC 5321, section 4.1)."""

    GREETING = "greeting"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    UNKNOWN = ""


Code = tuple[int, int, int]
"""An enhanced status code (RFC 3463): class, subject, detail."""

# RFC 3463, section 3.2, and RFC 7505: bad mailbox, system or syntax; moved; the domain takes no mail.
RECIPIENT_CODES = {(1, 1), (1, 2), (1, 3), (1, 6), (1, 10)}
# RFC 3463, section 3.2, and RFC 7505: the sender's syntax, the sender's domain.
SENDER_CODES = {(1, 7), (1, 8), (7, 27)}
_NULL_MX = (7, 27)
_ROUTING, _PROTOCOL, _SECURITY = 4, 5, 7
_FOR_NOW = 4
# Beside these "mailbox unavailable" or "address rejected" means that there is none: as Outlook.com, IronPort and
# Office 365 (whose edge knows the directory) write it.
_VAGUE = {(1, 0), (5, 0), (_ROUTING, 1)}
_NEVER_GONE = {(2, 2)}
_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([245]\d\d)[ -]")
# RFC 7504 and RFC 7505: the domain accepts no mail.
_NO_ROOM = 552
_NO_MAIL_HERE = 556
_MOVED = 551
_STAGES = (
    (
        Stage.DATA,
        r"end of data|final data|(?:after|reply to|smtp:) ?data|data command|smtp_data|\bin data\b|\[data\]"
        r"|\(state 1[78]\)",
    ),
    (Stage.GREETING, r"initial connection|(?:helo|ehlo) command|after (?:helo|ehlo)|>>> ?(?:helo|ehlo)|\[connect\]"),
    (
        Stage.SENDER,
        r"(?:after|our|to|>>>|sent:?|smtp:) ?mail\b(?: from|:)|mail from command|\[mail_from\]|sender was rejected",
    ),
    (
        Stage.RECIPIENT,
        # Gmail numbers the states of its own client: 14 waits for the answer to RCPT.
        r"(?:after|our|to|>>>|sent:?|smtp:|during|\bon|in) ?\brcpt\b|rcpt to(?: command|:| generated)|\[rcpt_to\]"
        r"|not like recipient|\(state 14\)",
    ),
)
_STAGE = [(stage, re.compile(pattern)) for stage, pattern in _STAGES]
# sendmail's own words for a recipient's domain with a null MX come with the code for a sender's.
_HOST_TAKES_NO_MAIL = re.compile(r"^\W{0,4}(?:\d{3} )?[\d.]{0,9} ?host does not accept mail")
# Gmail reports it under 4.0.0, having looked for days.
_NO_SUCH_DOMAIN = re.compile(r"\bdns type '?\w{1,5}'? lookup of\b.{0,80}\bresponded with code nxdomain\b")
# The carriers of Japan say "user unknown" as well where a reader's own filter does not want a sender.
_CARRIERS = re.compile(
    r"@(?:[\w-]{1,40}\.)?"
    r"(?:(?:docomo|ezweb|softbank|vodafone|disney|willcom-inc|uqmobile|y-mobile|pdx|emnet)\.ne|mineo|au)\.(?:jp|com)"
)
# What may be so is not said to be. ("Could not" says that it was tried; cPanel's "may" that DNS knows no such domain.)
_HEDGED = re.compile(r"(?<!account or domain )\b(?:may|might|possibly|perhaps|maybe)\b(?! (?:1|2|3))[^.;:]{0,80}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is known of one refusal."""

    said: str
    """The server's answer, with its codes."""
    status: str = ""
    """The code in a report's field, which the reporting server may have made up."""
    stage: Stage = Stage.UNKNOWN
    recipient: str = ""
    is_answer: bool = True
    """Whether the words are known to be the answer to this recipient, and not found in some text."""
    own_domains: tuple[str, ...] = ()
    """Ours: a server that names one of them speaks of us."""


def judge(refusal: Refusal) -> Verdict:
    """What a refusal comes to; the last code is the one that decided, as one server quotes another."""
    words = wording.plain(_untyped(refusal.said))
    code, stage = code_of(refusal.said, refusal.status), refusal.stage or stage_of(words)
    bare = _bare(words)
    is_passing = wording.has(wording.PASSING, bare)
    is_for_now = (code[0] if code else reply_of(refusal.said) // 100) == _FOR_NOW and not _NO_SUCH_DOMAIN.search(words)
    is_recipients_host = code_is(code, {_NULL_MX}) and _HOST_TAKES_NO_MAIL.search(words)
    if not is_recipients_host and (
        wording.has(wording.ABOUT_SENDER, bare)
        or stage in (Stage.GREETING, Stage.SENDER)
        or code_is(code, SENDER_CODES)
        or _names_us(refusal)
    ):
        return Verdict.SOFT if is_passing and is_for_now else Verdict.OURS
    # A server that stays away for what we are would wear every reader's address there out.
    is_turned_away = wording.has(wording.UNWELCOME, bare) or _subject(code) == _SECURITY
    if is_passing and (is_for_now or not is_turned_away or wording.has(wording.RESTING, bare)):
        return Verdict.SOFT
    if is_passing or wording.has(wording.ABOUT_MAIL, bare):
        return Verdict.OURS
    if is_for_now:
        return Verdict.SOFT
    return Verdict.HARD if is_recipients_host else _about_recipient(words, code, replace(refusal, stage=stage))


def speaks_of(family: Family, said: str) -> bool:
    """Whether a text speaks of something, beside all that says that there is no such recipient."""
    return wording.has(family, _bare(wording.plain(said)))


def _bare(words: str) -> str:
    for family in (wording.LATE, wording.UNAVAILABLE, wording.GONE_SURELY, wording.GONE):
        words = wording.without(family, words)
    return words


def speaks_of_sender(said: str) -> bool:
    """Whether an answer names our address, our domain or our login, whatever else it says."""
    return wording.has(wording.ABOUT_SENDER, wording.plain(said))


def _about_recipient(words: str, code: Code | None, refusal: Refusal) -> Verdict:
    """Asked where nothing speaks of us, of the mail or of later."""
    if code_is(code, RECIPIENT_CODES) or reply_of(refusal.said) in (_MOVED, _NO_MAIL_HERE):
        return Verdict.HARD
    if wording.has(wording.LATE, words):
        return Verdict.HARD
    words = _HEDGED.sub(" ", words)
    subject, detail = (code[1], code[2]) if code else (0, 0)
    is_gone, is_surely = wording.has(wording.GONE, words), wording.has(wording.GONE_SURELY, words)
    # Yandex writes so at RCPT, where there is nothing yet to be judged but who it is for.
    if subject == _SECURITY and not (is_gone and refusal.stage == Stage.RECIPIENT):
        return Verdict.SOFT if is_gone or is_surely else Verdict.OURS
    if refusal.stage == Stage.DATA:
        # Who is not named once the mail is there is not what it is about, unless it is their room (RFC 5321, 4.2.3).
        is_named = is_gone or is_surely or wording.has(wording.UNAVAILABLE, words) or reply_of(refusal.said) == _NO_ROOM
        return Verdict.SOFT if is_named else Verdict.OURS
    return Verdict.HARD if _says_gone(words, (subject, detail), refusal) else Verdict.SOFT


def _says_gone(words: str, code: tuple[int, int], refusal: Refusal) -> bool:
    """Whether words that no code bears out may be believed.

    A server that took the recipient and refuses the mail's data may say the same of a mail that it does not like.
    """
    subject = code[0]
    is_at_recipient = refusal.stage == Stage.RECIPIENT
    agrees = subject in (0, 1, _ROUTING, _PROTOCOL)
    if agrees and wording.has(wording.GONE_SURELY, words):
        return True
    if not is_at_recipient and _CARRIERS.search(f"{refusal.recipient} {refusal.said}".lower()):
        return False
    # A code that says something else than the words outweighs them, unless it was the recipient that was refused.
    is_believed = is_at_recipient or subject == 1 or (agrees and refusal.is_answer)
    if is_believed and code not in _NEVER_GONE and wording.has(wording.GONE, words):
        return True
    return (code in _VAGUE or is_at_recipient) and wording.has(wording.UNAVAILABLE, words)


def _names_us(refusal: Refusal) -> bool:
    if not refusal.is_answer or refusal.recipient.lower().rpartition("@")[2] in refusal.own_domains:
        return False
    said = refusal.said.lower()
    return any(re.search(rf"(?<![\w.-]){re.escape(domain)}(?![\w-])", said) for domain in refusal.own_domains)


def _untyped(said: str) -> str:
    """Without the type that a report's field begins with (RFC 3464, section 2.3.6)."""
    head, semicolon, words = said.partition(";")
    return words if semicolon and re.fullmatch(r"\s{0,20}[\w-]{1,40}\s{0,20}", head) else said


def code_of(said: str, status: str = "") -> Code | None:
    """The enhanced code that decided: the last in the server's words, else the one of the report's field."""
    spoken, written = _last_code(said), _last_code(status)
    return written if written and (spoken is None or spoken[1:] == (0, 0)) else spoken


def reply_of(said: str) -> int:
    """The reply code (RFC 5321, section 4.2) in a server's words; 0 where there is none."""
    found = _REPLY.search(said)
    return int(found[1]) if found else 0


def stage_of(words: str) -> Stage:
    """Which command a report says was refused."""
    return next((stage for stage, pattern in _STAGE if pattern.search(words)), Stage.UNKNOWN)


def _subject(code: Code | None) -> int:
    return code[1] if code else 0


def code_is(code: Code | None, codes: set[tuple[int, int]]) -> bool:
    return code is not None and code[1:] in codes


def _last_code(text: str) -> Code | None:
    found = _CODE.findall(text[: wording.LENGTH])
    return (int(found[-1][0]), int(found[-1][1]), int(found[-1][2])) if found else None
