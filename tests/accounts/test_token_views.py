"""The account's page of tokens."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts import tokens
from accounts.models import ApiToken, User
from tests.conftest import signed_in, token_of

pytestmark = pytest.mark.django_db

PATH = "/accounts/tokens/"


@pytest.fixture
def client(reader: User, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Signed in a moment ago."""
    monkeypatch.setattr("accounts.adapter.reauthentication.has_signed_in_recently", lambda request: True)
    return signed_in(reader)


def test_a_token_is_shown_once_and_told_by_mail(client: Client, reader: User) -> None:
    answer: Any = client.post(PATH, {"name": "  my   notebook ", "scope": "write", "days": "30"})

    secret = re.search(r"papersite_[\w-]+", answer.content.decode())
    assert secret is not None
    made = ApiToken.objects.get(user=reader)
    assert (made.name, made.scope, made.digest) == ("my notebook", "write", tokens.digest_of(secret[0]))
    assert made.expires_at is not None
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret[0] not in client.get(PATH).content.decode()
    assert mail.outbox[0].to == [reader.email]
    assert "“my notebook”" in mail.outbox[0].body
    assert "and change" in mail.outbox[0].body
    assert secret[0] not in str(mail.outbox[0].message())


def test_revoking_is_told_as_well_and_takes_one_click(client: Client, reader: User) -> None:
    made = ApiToken.objects.get(digest=tokens.digest_of(token_of(reader, "read")))

    for _ in range(2):
        assert client.post(f"{PATH}{made.pk}/revoke/").status_code == 302

    assert not ApiToken.objects.exists()
    assert ["was revoked" in one.body for one in mail.outbox] == [True]


def test_whoever_wants_no_such_mails_gets_none(client: Client, reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(wants_security_mail=False)

    client.post(PATH, {"name": "x", "scope": "read", "days": ""})

    assert ApiToken.objects.get().expires_at is None
    assert mail.outbox == []


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 61}, {"name": "a\u202eb"}, {"scope": "admin"}, {"days": "7"}]
)
def test_what_cannot_be_made_is_said(client: Client, wrong: dict[str, str]) -> None:
    answer = client.post(PATH, {"name": "x", "scope": "read", "days": "30"} | wrong)

    assert answer.status_code == 400
    assert not ApiToken.objects.exists()


def test_too_many_are_said(client: Client, reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST", 0)

    answer = client.post(PATH, {"name": "x", "scope": "read", "days": "30"})

    assert answer.status_code == 400
    assert "revoke one first" in answer.content.decode()


def test_the_account_says_how_many_there_are(client: Client, reader: User) -> None:
    token_of(reader, "read")

    assert "1 in use" in client.get("/accounts/").content.decode()
