"""The one door for mail."""

import re

import pytest

from papersite.mailing import mail


def test_build_makes_text_and_html_with_styles_in_their_tags() -> None:
    message = mail.build("confirm_address", to="a@example.org", context={"activate_url": "https://x.org/y"})

    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    assert re.search(r'class="button"[^>]* style="', str(html))
    assert "https://x.org/y" in str(html)
    assert "https://x.org/y" in str(message.body)
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_build_sends_bounces_elsewhere_and_keeps_from() -> None:
    message = mail.build("sign_in_code", to="a@example.org", context={"code": "1"}, envelope_sender="b+1@x.org")

    assert message.from_email == "b+1@x.org"
    assert message.message()["From"] == "Papersite <digest@papers.example.org>"


@pytest.mark.parametrize("code", ["1\r\nBcc: victim@example.org", "1\n2", "\t1\x0b2 "])
def test_build_keeps_a_subject_on_one_line(code: str) -> None:
    subject = mail.build("sign_in_code", to="a@example.org", context={"code": code}).subject

    assert len(subject.splitlines()) == 1
    assert subject.endswith("is your code for Papersite")
