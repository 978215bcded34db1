"""allauth's mails leave as the site's own."""

from pathlib import Path
from typing import Any

import allauth
import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.template.loader import get_template
from django.test import Client

from accounts.adapter import MAILS, NOTIFICATIONS, AccountAdapter, MFAAdapter
from accounts.models import User
from tests.factories import NOW


@pytest.mark.parametrize("folder", sorted(set(MAILS.values())))
def test_every_mail_folder_is_there(folder: str) -> None:
    assert get_template(f"emails/{folder}/body.html") is not None


@pytest.mark.django_db
def test_clean_email_folds_case() -> None:
    assert AccountAdapter().clean_email("Reader@Example.ORG") == "reader@example.org"


def test_every_mail_that_allauth_may_send_leaves_as_one_of_ours() -> None:
    folder = Path(allauth.__file__).parent / "templates"
    sent = {str(path.relative_to(folder)).removesuffix("_subject.txt") for path in folder.rglob("email/*_subject.txt")}

    # Codes by which this site neither confirms nor resets, and a subject without a sender in this version.
    unused = {"account/email/password_reset_code", "account/email/email_confirm", "account/email/password_reset"}
    assert sent - set(MAILS) - NOTIFICATIONS - unused == set()


@pytest.mark.django_db
@pytest.mark.parametrize("event", sorted(NOTIFICATIONS))
def test_every_notice_says_what_happened(event: str) -> None:
    context = {"timestamp": NOW, "from_email": "a@example.org", "to_email": "b@example.org", "provider": "GitHub"}

    AccountAdapter().send_mail(event, "reader@example.org", context)

    body = str(mail.outbox[0].body)
    assert not body.startswith("\n")
    assert len(body.splitlines()[0]) > 15
    assert "on 23 November 2026, 12:00 UTC" in body


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("Reader@EXAMPLE.org", "reader@example.org"),
        ("reader+papers@example.org", "reader+papers@example.org"),
        ("reader@bücher.example", "reader@xn--bcher-kva.example"),
        ("reader@BÜCHER.example", "reader@xn--bcher-kva.example"),
        ("reader@xn--bcher-kva.example", "reader@xn--bcher-kva.example"),
        # Full-width letters are the same domain; a Cyrillic а is another one, and shows.
        ("reader@ｅｘａｍｐｌｅ.org", "reader@example.org"),
        ("reader@ex\N{CYRILLIC SMALL LETTER A}mple.org", "reader@xn--exmple-4nf.org"),
        ("x" * 64 + "@example.org", "x" * 64 + "@example.org"),
    ],
)
def test_clean_email_makes_one_mailbox_one_address(typed: str, held: str) -> None:
    assert AccountAdapter().clean_email(typed) == held


@pytest.mark.parametrize("typed", ["x" * 65 + "@example.org", "x@" + "y" * 60 + ".é" * 80, "x@" + "ü" * 70 + ".org"])
def test_clean_email_refuses_what_no_mail_server_takes(typed: str) -> None:
    with pytest.raises(ValidationError):
        AccountAdapter().clean_email(typed)


@pytest.mark.django_db
@pytest.mark.parametrize("domain", ["trash.example", "deep.trash.example", "TRASH.example"])
def test_a_domain_the_operator_refuses_cannot_sign_up(client: Client, settings: Any, domain: str) -> None:
    settings.REFUSED_DOMAINS = ["trash.example"]

    page = client.post("/accounts/signup/", {"email": f"reader@{domain}"}).content.decode()

    assert "are not taken here" in page
    assert mail.outbox == []


@pytest.mark.django_db
def test_who_came_before_the_domain_was_refused_still_signs_in(client: Client, settings: Any, reader: User) -> None:
    settings.REFUSED_DOMAINS = ["example.org"]

    client.post("/accounts/login/", {"login": reader.email})

    assert mail.outbox[0].subject.endswith("is your code for Papersite")


def test_secrets_are_read_with_an_earlier_key(settings: Any) -> None:
    hidden = MFAAdapter().encrypt("a secret")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key"

    assert "a secret" not in hidden
    assert MFAAdapter().decrypt(hidden) == "a secret"
