"""Mails that were made to cost time."""

import pytest

from digest.bounces import mime, reports
from tests.costs import least_seconds


def nested(depth: int, kind: bytes) -> bytes:
    if kind == b"message/rfc822":
        return b"Content-Type: message/rfc822\r\n\r\n" * depth + b"Subject: x\r\n\r\nHello\r\n"
    heads = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return heads + b"Content-Type: text/plain\r\n\r\nHello\r\n"


HEAD = b"From: MAILER-DAEMON@x.org\r\nSubject: Undelivered\r\n"
HOSTILE = {
    "parts in parts": nested(3_000, b"multipart/mixed"),
    "mails in mails": nested(3_000, b"message/rfc822"),
    "many parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 60_000,
    "one word": HEAD + b"\r\n" + b"deliver" * 40_000,
    "one word, ten times": HEAD + b"\r\n" + b"deliver" * 400_000,
    "one line": HEAD + b"\r\n" + b"a" * 1_000_000,
    "addresses": HEAD + b"\r\n" + b"a@b.c " * 100_000,
    "heads of lines": HEAD + b"\r\n" + b"<a@b.org>:\n" * 40_000,
    "one header": b"Subject: " + b"=?utf-8?q?" * 50_000 + b"\r\n\r\nx",
    "folds": HEAD + b"X: 1\r\n" + b" x\r\n" * 200_000 + b"\r\nx",
    "quotes in a type": b'Content-Type: multipart/mixed; boundary="' + b'\\"; a="' * 50_000 + b"\r\n\r\nx",
    "recipients": b"To: " + b"a+b@c.org, " * 50_000 + b"\r\n\r\nx",
    "open comments": b"To: " + b"(" * 100_000 + b"\r\n\r\nx",
    "status fields": HEAD + b"Content-Type: message/delivery-status\r\n\r\n"
    + b"Final-Recipient: rfc822; a@b.org\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n" * 8_000,
    "tags": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<" * 300_000,
    "blank lines": HEAD + b"\r\n" + b" \r\n" * 150_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_costs_more_than_some_seconds(name: str) -> None:
    """A bound for slow machines: what was unbounded took twenty and more on a quick one."""
    mail = HOSTILE[name]

    assert least_seconds(lambda: (reports.read(mail), reports.returned_headers(mail)), enough=8) < 8


@pytest.mark.parametrize("kind", [b"multipart/mixed", b"message/rfc822"])
def test_parse_goes_no_deeper_than_its_bound(kind: bytes) -> None:
    assert len(list(mime.parse(nested(3_000, kind)).walk())) == mime.DEPTH + 1


def test_parse_takes_no_more_parts_than_its_bound() -> None:
    assert len(list(mime.parse(HOSTILE["many parts"]).walk())) == mime.PARTS + 1


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("7bit", b"Hallo"), ("base64", b"SGFs\r\nbG8"), ("base64", b"SGFsbG8="), ("quoted-printable", b"H=61llo")],
)
def test_text_undoes_encodings_also_cut_ones(encoding: str, body: bytes) -> None:
    mail = mime.parse(b"Content-Transfer-Encoding: " + encoding.encode() + b"\r\n\r\n" + body)

    assert mail.text() in ("Hallo", "Hal")


def test_fields_of_joins_folds_and_repeats() -> None:
    text = "A: 1\r\n  2\r\nA: 3\r\n\r\nB: 4\r\nno field\r\n"

    assert mime.fields_of(text) == [{"a": "1 2 3"}, {"b": "4"}]
