"""The account's own pages."""

import io
import zipfile
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.test_closing import full
from tests.accounts.test_forms import sign_in_by_code

__all__ = ["full"]

pytestmark = pytest.mark.django_db

PAGES = ["/accounts/", "/accounts/data/", "/accounts/data/export/", "/accounts/close/"]


@pytest.mark.parametrize("path", PAGES)
def test_strangers_are_asked_to_sign_in(client: Client, path: str) -> None:
    assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_it_is_kept_by_a_cache(proved_client: Client, path: str) -> None:
    answer: Any = proved_client.get(path)

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    answer.close()


def test_the_account_says_what_is_set_up(reader_client: Client, reader: User) -> None:
    page = reader_client.get("/accounts/").content.decode()
    assert "None, and none is needed." in page
    assert "Off. With an authenticator app or a passkey" in page
    assert "Set up an app" in page


def test_the_account_of_one_who_set_up_everything(reader_client: Client, full: User) -> None:
    full.set_password("a long and secret sentence")
    full.save()
    reader_client.force_login(full, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = reader_client.get("/accounts/").content.decode()

    for words in ("Change the password", "Remove the app", "Unlink GitHub", "Link Google", "a code of your app"):
        assert words in page


def test_the_zip_is_the_readers_own(proved_client: Client, reader: User) -> None:
    answer: Any = proved_client.get("/accounts/data/export/")

    assert answer.headers["Content-Disposition"].startswith('attachment; filename="papersexampleorg-')
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as packed:
        assert reader.email in packed.read("profile.json").decode()
    answer.close()


@pytest.mark.parametrize("typed", ["", "other@example.org", "reader@example.or"])
def test_another_address_closes_nothing(proved_client: Client, typed: str) -> None:
    assert proved_client.post("/accounts/close/", {"address": typed}).status_code == 400
    assert User.objects.count() == 1


def test_closing_signs_out_everywhere_and_says_goodbye(proved_client: Client, reader: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = proved_client.post("/accounts/close/", {"address": " READER@example.org"}, follow=True).content.decode()

    assert "Your account is closed" in page
    assert User.objects.count() == 0
    assert elsewhere.get("/accounts/").status_code == 302


def test_a_second_click_on_close_finds_nothing_to_do(proved_client: Client) -> None:
    proved_client.post("/accounts/close/", {"address": "reader@example.org"})

    answer: Any = proved_client.post("/accounts/close/", {"address": "reader@example.org"})

    assert answer.headers["Location"].startswith("/accounts/login/")


def test_the_last_superuser_is_told_why_they_stay(curator: User) -> None:
    curator_client = sign_in_by_code(curator)
    assert "You are the last one with the keys" in curator_client.get("/accounts/close/").content.decode()

    answer = curator_client.post("/accounts/close/", {"address": curator.email})

    assert (answer.status_code, User.objects.count()) == (409, 1)


def test_new_feed_addresses_end_the_old_ones(reader_client: Client, reader: User) -> None:
    old = f"/subscription/feed/{reader.feed_key}/"
    assert old in reader_client.get("/accounts/").content.decode()

    assert reader_client.post("/accounts/feeds/renew/").headers["Location"] == "/accounts/"

    page = reader_client.get("/accounts/").content.decode()
    reader.refresh_from_db()
    assert (old in page, f"/subscription/feed/{reader.feed_key}/" in page) == (False, True)
    assert Client().get(old).status_code == 404
    assert Client().get(f"/subscription/feed/{reader.feed_key}/").status_code == 200


def test_new_feed_addresses_are_for_those_who_are_signed_in(client: Client) -> None:
    assert client.post("/accounts/feeds/renew/").headers["Location"] == "/accounts/login/"
