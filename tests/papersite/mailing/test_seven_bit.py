"""Mails in ASCII alone."""

from email import message_from_bytes, policy

from papersite.mailing import seven_bit
from papersite.mailing.mail import Mail

LONG = "Lernen über Graphen. " * 40
LINK = f"<https://papers.example.org/d/{'t' * 70}/unsubscribe/>, <mailto:unsub+{'t' * 60}@example.org>"


def mail(body: str, html: str) -> bytes:
    made = Mail(
        subject="Grüße", body=body, from_email="a@example.org", to=["b@example.org"],
        headers={"List-Unsubscribe": LINK, "Message-ID": "<1@example.org>", "Date": "Mon, 23 Nov 2026 06:00:00 +0000"},
    )  # fmt: skip
    made.attach_alternative(html, "text/html")
    made.boundary = "=_boundary"
    return made.message(policy=policy.SMTP).as_bytes()


def test_all_bodies_read_the_same_and_no_byte_lies_beyond_ascii() -> None:
    before = mail(f"{LONG}\n.dot\nend = \n", f"<p>{LONG}</p>\n<p>·</p>\n")

    after = seven_bit.packed(before)

    assert not before.isascii()
    assert after.isascii()
    assert max(map(len, after.split(b"\r\n"))) < 998
    assert b"\n" not in after.replace(b"\r\n", b"")
    read, wanted = (message_from_bytes(one, policy=policy.SMTP) for one in (after, before))
    for kind in ("plain", "html"):
        got, expected = (one.get_body((kind,)) for one in (read, wanted))
        assert got is not None
        assert expected is not None
        assert got.get_content() == expected.get_content()
        assert got["Content-Transfer-Encoding"] == "quoted-printable"
    assert read.items() == wanted.items()
    assert f"List-Unsubscribe: {LINK.replace(', ', f',{chr(13)}{chr(10)} ')}\r\n".encode() in after


def test_the_same_mail_is_packed_into_the_same_bytes_and_what_is_ascii_stays() -> None:
    assert seven_bit.packed(mail("Grüße\n", "<p>·</p>")) == seven_bit.packed(mail("Grüße\n", "<p>·</p>"))
    plain = mail("Plain\n", "<p>Plain</p>\n")
    assert seven_bit.packed(plain) is plain


def test_a_body_of_ascii_beside_another_stays_as_it_is() -> None:
    after = message_from_bytes(seven_bit.packed(mail("Plain\n", "<p>·</p>\n")), policy=policy.SMTP)

    assert [part["Content-Transfer-Encoding"] for part in after.iter_parts()] == ["7bit", "quoted-printable"]
