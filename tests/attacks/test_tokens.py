"""A program with a token that is another's, over, too weak, or in the wrong place."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import closing, tokens
from accounts.models import ApiToken, User
from papersite.catalogue import reading_list
from papersite.catalogue.models import SavedPaper
from papersite.observability import logs
from tests.conftest import signed_in, token_of
from tests.factories import NOW, FollowFactory, PaperFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db

READS = ["", "/follows", "/saved", "/opinions", "/ledger", "/schedule"]
WRITES = [
    ("put", "/saved/2611.00001", {}),
    ("delete", "/saved/2611.00001", None),
    ("post", "/follows", {"kind": "trending"}),
    ("delete", "/follows/1", None),
    ("put", "/opinions/2611.00001", {"opinion": "more"}),
    ("delete", "/opinions/2611.00001", None),
    ("patch", "/schedule", {"cap": 3}),
]


def ask(method: str, path: str, secret: str = "", sent: Any = None, **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    ask = getattr(more.pop("client", Client()), method)
    body = {"data": json.dumps(sent), "content_type": "application/json"} if sent is not None else {}
    return ask(f"/api/v1/me{path}", headers=headers | more.pop("headers", {}), **body, **more)


@pytest.mark.parametrize("path", READS)
def test_without_a_token_nothing_of_a_reader_is_read(path: str, reader_client: Client) -> None:
    """Also by their own browser: no other site can make that ask in their name."""
    for client in (Client(), reader_client):
        answer = ask("get", path, client=client)

        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path", "sent"), WRITES)
def test_a_token_that_reads_changes_nothing(method: str, path: str, sent: Any, reader: User, read_token: str) -> None:
    paper = PaperFactory.create(arxiv_id="2611.00001")
    FollowFactory.create(pk=1, subscription=reader.subscription)
    reading_list.save(paper, reader, NOW)

    answer = ask(method, path, read_token, sent)

    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert (SavedPaper.objects.count(), reader.subscription.follows.count()) == (1, 1)


@pytest.mark.parametrize(("method", "path", "sent"), WRITES)
def test_a_session_writes_nothing_here_with_or_without_its_form_token(
    method: str, path: str, sent: Any, reader_client: Client
) -> None:
    assert ask(method, path, sent=sent, client=reader_client).status_code == 401


def test_a_token_that_writes_takes_no_form_token(write_token: str) -> None:
    PaperFactory.create(arxiv_id="2611.00001")
    strict = Client(enforce_csrf_checks=True)

    answer = ask("put", "/saved/2611.00001", write_token, {}, client=strict, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 200


def test_another_readers_things_are_not_there(write_token: str) -> None:
    other = SubscriptionFactory.create()
    follow = FollowFactory.create(subscription=other)
    reading_list.save(PaperFactory.create(arxiv_id="2611.00001"), other.reader, NOW)

    assert ask("delete", f"/follows/{follow.pk}", write_token).status_code == 404
    assert ask("delete", "/saved/2611.00001", write_token).status_code == 204
    assert ask("get", "/saved", write_token).json()["items"] == []
    assert (other.follows.count(), SavedPaper.objects.count()) == (1, 1)


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/papers"])
def test_a_token_that_is_over_opens_nothing(path: str, reader: User) -> None:
    _, expired = tokens.make(
        reader, name="x", scope="write", now=timezone.now() - timedelta(days=31), good_for=timedelta(days=30)
    )
    revoked, forged = token_of(reader, "write"), "papersite_" + "a" * 43
    tokens.revoke(reader, ApiToken.objects.get(digest=tokens.digest_of(revoked)).pk)

    for secret in (expired, revoked, forged, revoked.upper(), f"{revoked} x"):
        answer = Client().get(path, headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 401
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_token_ends_with_its_account(reader: User, read_token: str) -> None:
    User.objects.filter(pk=reader.pk).update(is_active=False)
    assert ask("get", "", read_token).status_code == 401
    User.objects.filter(pk=reader.pk).update(is_active=True)
    assert ask("get", "", read_token).status_code == 200

    closing.close(reader)

    assert ask("get", "", read_token).status_code == 401
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "bearer"])
def test_a_token_in_an_address_is_refused_and_hidden_in_logs(name: str, read_token: str) -> None:
    for path in ("/api/v1/me", "/api/v1/papers"):
        answer = Client().get(path, {name: read_token})
        assert answer.status_code == 400
        assert read_token not in answer.content.decode()
    assert read_token not in logs.redact(f"GET /api/v1/me?{name}={read_token}&x=1")
    assert read_token not in logs.redact(f"Authorization: Bearer {read_token}")


def test_a_readers_page_tells_no_other_readers_tokens_and_revokes_none(read_token: str) -> None:
    other = SubscriptionFactory.create().reader
    client, token = signed_in(other), ApiToken.objects.get()

    client.post(f"/accounts/tokens/{token.pk}/revoke/")

    assert ApiToken.objects.filter(pk=token.pk).exists()


def test_whoever_finds_a_browser_signed_in_makes_no_token(reader_client: Client, reader: User) -> None:
    answer = reader_client.post("/accounts/tokens/", {"name": "x", "scope": "write", "days": "30"})

    assert answer.status_code == 302
    assert "reauthenticate" in answer.headers["Location"]
    assert not ApiToken.objects.exists()


def test_another_site_can_make_and_revoke_none(reader: User, read_token: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")

    made = browser.post("/accounts/tokens/", {"name": "x", "scope": "write", "days": "30"})
    revoked = browser.post(f"/accounts/tokens/{ApiToken.objects.get().pk}/revoke/")

    assert (made.status_code, revoked.status_code) == (403, 403)
    assert ApiToken.objects.count() == 1
