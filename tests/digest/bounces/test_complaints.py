"""Complaints, and feedback that complains of nothing."""

import pytest

from digest.bounces.complaints import complained, is_feedback
from digest.bounces.mime import parse


def feedback(kind: str, *fields: str, declared: str = "message/feedback-report") -> bytes:
    """A report as RFC 5965 has it."""
    lines = [
        "Subject: FW: papers",
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "This is a report.",
        "--b",
        f"Content-Type: {declared}",
        "",
        f"Feedback-Type: {kind}",
        "User-Agent: SomeLoop/1.0",
        "Version: 1",
        *fields,
        "",
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize("declared", ["message/feedback-report", "text/plain"])
@pytest.mark.parametrize(
    ("kind", "fields", "found"),
    [
        ("abuse", ["Original-Rcpt-To: <Reader@example.org>"], ["reader@example.org"]),
        ("fraud", [], [""]),
        ("opt-out", ["Removal-Recipient: reader@example.org"], ["reader@example.org"]),
        ("not-spam", ["Original-Rcpt-To: <reader@example.org>"], []),
        ("auth-failure", [], []),
    ],
)
def test_a_report_complains_in_whose_name_it_says(
    kind: str, fields: list[str], found: list[str], declared: str
) -> None:
    assert complained(parse(feedback(kind, *fields, declared=declared))) == found


def test_what_complains_of_nothing_is_feedback_all_the_same() -> None:
    assert is_feedback(parse(feedback("not-spam")))
    assert not is_feedback(parse(b"Subject: spam\r\n\r\nI read your paper about feedback."))


def test_an_ordinary_mail_about_spam_is_no_complaint() -> None:
    assert complained(parse(b"Subject: complaint about spam\r\n\r\nFeedback-Type: abuse\r\n")) == []
