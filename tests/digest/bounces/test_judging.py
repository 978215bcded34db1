"""Whose fault a refusal is: of us, passing, or that there is no such recipient."""

import re
from collections.abc import Iterator

import pytest

from digest.bounces import answers, complaints, gone, judging, mime, reports, wording
from digest.bounces.judging import Refusal, Stage, judge
from tests.costs import least_seconds

OURS = (
    "550 5.1.0 <digest@papers.example>: Sender address rejected: Domain not found",
    "550 Domain of sender address digest@papers.example does not exist",
    "550 5.1.8 <digest@papers.example>: Sender address rejected",
    "554 Helo command rejected: Host not found",
    "550 5.1.1 Message blocked: spam content",
    "550 5.7.27 <digest@papers.example>: Sender address rejected: Domain papers.example does not accept mail (nullMX)",
    "550 5.7.27 Domain papers.example does not accept mail (nullMX)",
    "550 unrouteable sender address",
    "553 5.1.8 <digest@papers.example>... Domain of sender address digest@papers.example does not exist",
    "550 Verification failed for <bounces@papers.example> Sender verify failed",
    "550 unknown sender domain",
    "550 Absender unbekannt",
    "550 expéditeur inconnu",
    "550 remitente desconocido",
    "550 неизвестный отправитель",
    "501 5.5.2 HELO requires a valid address",
    "550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)",
    "550 5.7.25 The IP address sending this message does not have a PTR record",
    "550 5.7.1 Client host rejected: cannot find your reverse hostname",
    "550 5.7.26 This mail is unauthenticated",
    "550 5.7.515 Access denied, sending domain PAPERS.EXAMPLE does not meet the required authentication level",
    "550 Mail rejected by DMARC policy",
    "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
    "550 SC-001 Unfortunately, messages from 192.0.2.1 weren't sent: bad reputation",
    "450 4.1.8 <digest@papers.example>: Sender address rejected: Domain not found",
    "550 5.7.1 Unable to relay",
    "554 5.7.1 <reader@example.org>: Relay access denied",
    "552 5.3.4 Message size exceeds fixed maximum message size",
    "550 5.6.0 Lone CR or LF in headers",
    "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this network",
    "554 mx.reader.example Connection refused, you are on an RBL",
    "554 DT:SPM mx7,please see https://reader.example/help",
)  # fmt: skip
SOFT = (
    "550 5.1.1 mailbox full",
    "550 5.2.121 RESOLVER.RST.RecipLimit; recipient's per hour message receive limit exceeded",
    "550 5.4.300 Message expired -> 451 4.4.0 the server did not answer in time",
    "5.4.4 Host or domain name not found. Name service error for name=example.org: Host not found, try again",
    "552 5.2.2 over quota",
    "550 5.1.1 <reader@example.org> user is over quota",
    "550 5.1.1 Postfach voll",
    "550 boîte pleine",
    "550 buzón lleno",
    "550 ящик переполнен",
    "450 4.2.0 Greylisted, see http://example.org/unknown-user",
    "550 5.2.1 The email account that you tried to reach is disabled",
    "550 user unknown; please try again later",
    "452 4.3.1 Insufficient system storage",
    "450 4.1.1 user unknown",
    "550 5.7.1 User unknown",
    "554 delivery temporarily suspended: unknown mail transport error",
    "what a pity",
    "",
)  # fmt: skip
HARD = (
    "550 Benutzer unbekannt",
    "550 Requested action not taken: mailbox unavailable (such mailbox doesn't exist)",
    "553 Invalid rcptto",
    "550 Utilisateur inconnu",
    "550 Empfänger existiert nicht",
    "550 usuario desconocido",
    "550 Usuário desconhecido",
    "550 utente sconosciuto",
    "550 onbekende gebruiker",
    "550 Nieznany użytkownik",
    "550 Пользователь не найден",
    "550 宛先のユーザは存在しません",
    "550 用户不存在",
    "550 없는 사용자입니다",
    "550 5.1.1 <mailbox-full@example.org>: Recipient address rejected: User unknown in local recipient table",
    "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking it",
    "550 No such user here",
    "551 5.1.6 user has moved; please try <new@example.net>",
    "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)",
    "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).",
    "556 5.1.10 Recipient address has null MX",
    "550 5.7.27 Host does not accept mail",
    "5.4.4 Host or domain name not found. Name service error for name=nowhere.example type=AAAA: Host not found",
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "kind"), [(said, kind) for kind, all_ in (("ours", OURS), ("soft", SOFT), ("hard", HARD)) for said in all_]
)
def test_judge_knows_whose_fault_it_is(said: str, kind: str) -> None:
    assert judge(Refusal(said)).value == kind
    assert judge(Refusal(said, own_domains=("papers.example",))).value == kind


@pytest.mark.parametrize(
    ("stage", "kind"),
    [(Stage.GREETING, "ours"), (Stage.SENDER, "ours"), (Stage.RECIPIENT, "hard"), (Stage.DATA, "soft")],
)
def test_judge_asks_which_command_was_refused(stage: Stage, kind: str) -> None:
    assert judge(Refusal("550 user unknown", stage=stage)).value == kind


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("554 Transaction failed", "ours"),
        ("550 5.2.0 Mail rejete. OFR_506 [506]", "ours"),
        ("554 delivery error: dd This user doesn't have a reader.example account", "hard"),
        ("552 1 Requested mail action aborted, mailbox not found", "hard"),
        ("552 no more for today", "soft"),
        ("552 1 Requested mail action aborted, exceeded storage allocation", "soft"),
        ("550 The recipient may contain a non-existent account, please check the recipient address.", "hard"),
    ],
)
def test_judge_knows_who_looks_a_recipient_up_once_the_mail_is_there(said: str, kind: str) -> None:
    assert judge(Refusal(said, stage=Stage.DATA)).value == kind


def test_judge_takes_our_own_domain_for_us_and_not_for_a_reader_there() -> None:
    said = "550 papers.example: no such domain"

    assert judge(Refusal(said, own_domains=("papers.example",))) == "ours"
    assert judge(Refusal(said, own_domains=("papers.example",), recipient="reader@papers.example")) == "hard"
    assert judge(Refusal("550 notpapers.example: no such domain", own_domains=("papers.example",))) == "hard"


@pytest.mark.parametrize("word", ["sender", "spam", "full", "quota", "user-unknown", "blocked", "no-such-user"])
def test_judge_reads_nothing_into_addresses_and_links(word: str) -> None:
    assert (
        judge(Refusal(f"550 5.1.1 <{word}@{word}.example> user unknown, see https://{word}.example/{word}")) == "hard"
    )
    assert judge(Refusal(f"550 <{word}@{word}.example> what a pity, see https://{word}.example/{word}")) == "soft"


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern that meets what a stranger wrote."""
    yield from ((str(number), one) for number, one in enumerate(wording.PATTERNS.values()))
    for module in (answers, complaints, gone, judging, mime, reports, wording):
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                yield f"{module.__name__}.{name}", value
    yield from ((f"stage {stage}", pattern) for stage, pattern in judging._STAGE)


ALL = dict(patterns())
# What patterns with gaps begin with, without their ends.
HOSTILE = (
    "deliver", "a", " ", "<", "a@b.c", "user ", "no such ", "unknown ", "5.", "\n ", "please ", "host ", "nonexist",
    "does not have an ", "адрес ", "地址", "http://", "from: x\n", "\n-- ", "if you exceed ",
)  # fmt: skip


def seconds(pattern: re.Pattern[str], text: str, enough: float = 0) -> float:
    return least_seconds(lambda: sum(1 for _ in pattern.finditer(text)), enough)


@pytest.mark.long
@pytest.mark.parametrize("name", ALL)
def test_no_pattern_takes_longer_than_in_proportion(name: str) -> None:
    """Eight times the text takes about eight times the time of the processor; the square would be 64 times."""
    pattern = ALL[name]
    for begin, piece, end in [*(("", piece, "") for piece in HOSTILE), ("550", "\t", "\n")]:
        part, whole = (begin + piece * (length // len(piece)) + end for length in (12_500, 100_000))
        most = 24 * seconds(pattern, part) + 0.05
        assert seconds(pattern, whole, most) < most, piece
