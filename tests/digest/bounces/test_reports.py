"""Reports of failure and complaints, in all the forms that servers have for them, and mails that are none."""

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    ("kind", "found"),
    [
        (b"abuse", ["complaint"]),
        (b"fraud", ["complaint"]),
        (b"not-spam", []),
        (b"\r\n not-spam", []),
        (b"auth-failure", []),
    ],
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
        ("5.7.1", "550 5.7.1 message rejected as spam", "ours"),
        ("5.1.8", "501 5.1.8 sender address rejected: domain not found", "ours"),
        ("4.1.1", "450 4.1.1 user unknown, try again later", "soft"),
        ("", "554 blocked by policy", "ours"),
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


# What servers of each family send, in words of ours where theirs are not the point.
FAMILIES = {
    "Exim, the recipient": (
        plain("Mail Delivery System <Mailer-Daemon@x.org>", "Mail delivery failed: returning message to sender",
              "  reader@example.org\n    SMTP error from remote mail server after RCPT TO:<reader@example.org>:\n"
              "    host mx.example.org [192.0.2.1]: 550 No Such User Here\n\n"
              "------ This is a copy of the message ------\n\nSubject: mailbox full\n",
              X_Failed_Recipients="reader@example.org"),
        "hard"),
    "Exim, the sender": (
        plain("Mail Delivery System <Mailer-Daemon@x.org>", "Mail delivery failed: returning message to sender",
              "  reader@example.org\n    SMTP error from remote mail server after MAIL "
              "FROM:<bounces+1@papers.example>:\n"
              "    550 No such user\n", X_Failed_Recipients="reader@example.org"),
        "ours"),
    "Exim, the mail itself": (
        plain("Mail Delivery System <Mailer-Daemon@x.org>", "Mail delivery failed",
              "  reader@example.org\n    SMTP error from remote mail server after end of data:\n    550 user unknown\n",
              X_Failed_Recipients="reader@example.org"),
        "soft"),
    "Exim, no such domain": (
        plain("Mail Delivery System <Mailer-Daemon@x.org>", "Mail delivery failed",
              "  reader@nowhere.example\n    Unrouteable address\n", X_Failed_Recipients="reader@nowhere.example"),
        "hard"),
    "qmail": (
        plain("MAILER-DAEMON@x.org", "failure notice",
              "Hi. This is the qmail-send program at x.org.\n\n<reader@example.org>:\n192.0.2.1 does not "
              "like recipient.\n"
              "Remote host said: 550 user unknown\nGiving up on 192.0.2.1.\n\n--- Below this line is a "
              "copy of the message.\n"),
        "hard"),
    "qmail, a full mailbox": (
        plain("MAILER-DAEMON@x.org", "failure notice",
              "<reader@example.org>:\nThe users mailfolder is over the allowed quota (size). (#5.2.2)\n"),
        "soft"),
    "IMail": (plain("Postmaster <postmaster@x.org>", "Undeliverable Mail", "Unknown user: "
        "reader@example.org\n"), "hard"),
    "Domino": (
        plain("Postmaster@x.org", "DELIVERY FAILURE: User Reader (reader@example.org) not listed in Domino Directory",
              "was not delivered to:\n  reader@example.org\nbecause:\n  User Reader (reader@example.org) "
              "not listed in Domino Directory"),
        "hard"),
    "sendmail of old": (
        plain("Mail Delivery Subsystem <MAILER-DAEMON@x.org>", "Returned mail: Host unknown",
              "   ----- Transcript of session follows -----\n550 nowhere.example (smtp)... 550 Host unknown\n"
              "554 <reader@nowhere.example>... 550 Host unknown (Authoritative answer from name server)\n"),
        "hard"),
    "words without the command that was refused": (
        plain("MAILER-DAEMON@x.org", "Delivery failure", "mx.example.org failed with: 550 "
        "<reader@example.org> no such user here"),
        "soft"),
    "a carrier of Japan, whose reader's filter says so too": (
        dsn(status="5.0.0", said="550 : User unknown").replace(b"Reader@Example.org", b"reader@docomo.ne.jp"), "soft"),
    "Postfix, the recipient": (dsn(status="5.0.0", said="550 <reader@example.org>: User unknown"), "hard"),
    "Office 365": (dsn(status="5.1.10", said="550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found"), "hard"),
    "Office 365, its edge": (dsn(status="5.4.1", said="550 5.4.1 Recipient address rejected: Access denied."), "hard"),
    "Outlook.com": (dsn(status="5.5.0", said="550 Requested action not taken: mailbox unavailable (S2017)"), "hard"),
    "Gmail, an account that is held": (
        dsn(status="5.2.1", said="550 5.2.1 The email account that you tried to reach is disabled."), "soft"),
    "Gmail, unsigned mail": (dsn(status="5.7.26", said="550-5.7.26 This mail is unauthenticated"), "ours"),
    "a null MX": (dsn(status="5.1.10", said="556 5.1.10 Domain does not accept mail"), "hard"),
    "fields in a text": (
        plain("MAILER-DAEMON@x.org", "Delivery Status Notification (Failure)",
              "Technical report:\n\nAction: failed\nFinal-Recipient: rfc822; reader@example.org\n"
              "Diagnostic-Code: smtp; 550 5.1.1 user unknown\nStatus: 5.1.1\n"),
        "hard"),
    "two addresses": (
        plain("MAILER-DAEMON@x.org", "Delivery failure",
              "<reader@example.org>:\nRemote host said: 550 5.1.1 user unknown\n\n<other@example.org>:\nover quota\n"),
        "hard soft"),
}  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_read_knows_the_habits_of_servers(family: str) -> None:
    raw, wanted = FAMILIES[family]

    assert " ".join(kinds(raw)) == wanted


def test_read_looks_at_no_report_within_the_mail_that_comes_back() -> None:
    returned = dsn(status="5.1.1").replace(b"boundary=b", b"boundary=c").replace(b"--b", b"--c")
    raw = dsn(status="5.7.1", said="550 5.7.1 message content rejected").replace(
        b"To: reader@example.org\r\n", returned
    )

    assert kinds(raw) == ["ours"]


COMPLAINTS = {
    "a form that nobody registered": ARF % b"miscategorised-by-reader",
    "to be taken off": (ARF % b"opt-out").replace(b"Original-Rcpt-To", b"Removal-Recipient"),
    "no recipient": (ARF % b"abuse").replace(b"Original-Rcpt-To", b"X-Redacted"),
    "declared as text": (ARF % b"abuse").replace(b"message/feedback-report", b"text/plain").replace(
        b"Version: 1", b"User-Agent: Loop/1.0"),
    "of Outlook.com": (
        b"From: staff@hotmail.com\r\nSubject: complaint about message from 192.0.2.1\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        b"X-HmXmrOriginalRecipient: reader@example.org\r\nSubject: x\r\n\r\nHello\r\n--b--\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("form", COMPLAINTS)
def test_read_knows_complaints_in_each_form(form: str) -> None:
    assert kinds(COMPLAINTS[form]) == ["complaint"]


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
    assert returned_headers(dsn()) == "to: reader@example.org\nmessage-id: <d.1@x>"
