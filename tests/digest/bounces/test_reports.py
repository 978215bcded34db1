"""Reports of failure and complaints, in all the forms that servers have for them, and mails that are none."""

import json
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.bounces import reports
from digest.bounces.reports import Report, classify, read, returned_headers


def dsn(
    *, status: str = "5.1.1", said: str = "550 5.1.1 unknown user", action: str = "failed", charset: str = "us-ascii"
) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.net\r\nTo: bounces+x@papers.example.org\r\nSubject: Undelivered\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: text/plain; charset={charset}\r\n\r\nIt did not arrive.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
        f"Final-Recipient: rfc822; Reader@Example.org\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {said}\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n"
        "To: reader@example.org\r\nMessage-ID: <d.1@x>\r\n\r\nHello\r\n--b--\r\n"
    ).encode()


ARF = (
    b"From: fbl@example.net\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain\r\n\r\nA complaint.\r\n"
    b"--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: %b\r\nVersion: 1\r\n"
    b"Original-Rcpt-To: <reader@example.org>\r\n\r\n--b--\r\n"
)


def plain(sender: str, subject: str, body: str, **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = sender, subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    return mail.as_bytes()


def kinds(raw: bytes) -> list[str]:
    return [report.kind for report in read(raw)]


def test_read_takes_a_report_apart() -> None:
    assert read(dsn()) == [Report("hard", "reader@example.org", "5.1.1", "smtp; 550 5.1.1 unknown user")]


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_read_takes_no_news_of_a_mail_that_did_not_fail_for_a_failure(action: str) -> None:
    assert read(dsn(action=action)) == []


@pytest.mark.parametrize(
    ("kind", "found"), [(b"abuse", ["complaint"]), (b"fraud", ["complaint"]), (b"not-spam", []), (b"auth-failure", [])]
)
def test_read_knows_a_complaint_from_other_feedback(kind: bytes, found: list[str]) -> None:
    assert kinds(ARF % kind) == found


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        ("5.1.1", "550 5.1.1 no such user", "hard"),
        ("5.1.2", "host not found", "hard"),
        ("5.0.0", "550 5.1.1 user unknown", "hard"),
        ("", "550 User unknown", "hard"),
        ("", "550 no mailbox here by that name", "hard"),
        ("5.2.2", "552 mailbox full", "soft"),
        ("", "user unknown or over quota: mailbox is full", "soft"),
        ("5.7.1", "550 5.7.1 message rejected as spam", "soft"),
        ("5.1.8", "501 5.1.8 sender address rejected: domain not found", "soft"),
        ("4.1.1", "450 4.1.1 user unknown, try again later", "soft"),
        ("", "554 blocked by policy", "soft"),
        ("", "what a pity", "soft"),
    ],
)
def test_classify_calls_hard_only_what_will_stay_so(status: str, said: str, kind: str) -> None:
    assert classify(status, said) == kind


ORDINARY = {
    "a vacation": plain("reader@example.org", "Away", "Your mail failed to reach me.", Auto_Submitted="auto-replied"),
    "a vacation of an old program": plain("reader@example.org", "Re: x", "User unknown? No, away.", X_Autoreply="yes"),
    "a question": plain("reader@example.org", "Undeliverable mail?", "Why do I get: 550 5.1.1 user unknown?"),
    "a forwarded report": plain("reader@example.org", "Fwd: Undelivered Mail", "550 5.1.1 <x@y.org>: user unknown"),
    "a postmaster who writes": plain("postmaster@example.org", "Hello", "We like your papers."),
    "nothing": b"",
    "no mail at all": b"\x00\xff\xfe" * 500,
    "headers only": b"From: a@example.org\r\nSubject: =?utf-8?b?4pyT?=\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", ORDINARY)
def test_read_takes_no_ordinary_mail_for_a_report(name: str) -> None:
    assert read(ORDINARY[name]) == []


@pytest.mark.parametrize("charset", ["klingon", "utf-7", "iso-2022-jp", "utf-16"])
def test_read_stands_odd_charsets(charset: str) -> None:
    assert kinds(dsn(charset=charset)) == ["hard"]


@settings(max_examples=40)
@given(st.integers(0, 800), st.integers(0, 2))
def test_read_stands_reports_that_are_cut_anywhere_and_nested(cut: int, depth: int) -> None:
    raw = dsn()[:cut]
    for _ in range(depth):
        raw = b"From: a@example.org\r\nContent-Type: message/rfc822\r\n\r\n" + raw

    assert set(kinds(raw)) <= {"hard", "soft"}
    returned_headers(raw)


@settings(max_examples=40)
@given(st.binary(max_size=500))
def test_read_stands_anything(raw: bytes) -> None:
    read(raw)
    read(
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" + raw
    )
    returned_headers(raw)


def test_returned_headers_are_those_of_the_mail_that_came_back() -> None:
    assert returned_headers(dsn()) == "To: reader@example.org\nMessage-ID: <d.1@x>"


# The server says "User unknown" of a mail that it had read first, or of a second recipient.
SAYS_SO = {"filtered", "spamdetected"}


def test_real_reports_are_understood(shared_data: Path) -> None:
    folder = shared_data / "bounces"
    if not folder.is_dir():
        pytest.skip("the folder of real reports is not beside this clone")
    listed = [json.loads(line) for line in (folder / "expected.jsonl").read_text().splitlines()]
    assert len(listed) > 50

    for one in listed:
        found = set(kinds((folder / one["file"]).read_bytes()))
        reasons = {row["reason"] for row in one["expected"]}
        wanted = {
            "complaint" if row["reason"] == "feedback" else "hard" if row["hard"] else "soft" for row in one["expected"]
        }
        if reasons & SAYS_SO:
            assert found, one["file"]
        else:
            assert found == wanted, one["file"]
    assert reports.HARD in {kind for one in listed for kind in kinds((folder / one["file"]).read_bytes())}
