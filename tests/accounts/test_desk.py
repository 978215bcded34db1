"""Admin's door."""

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts.models import User
from tests.accounts.test_forms import PASSWORD, sign_in_by_code, with_password
from tests.conftest import signed_in
from tests.factories import UserFactory, code_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> User:
    user = with_password("curator@example.org")
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    return User.objects.get(pk=user.pk)


def sign_in(client: Client, user: User) -> Any:
    """By way of admin, with a password."""
    there: Any = client.get("/admin/", follow=True)
    assert there.redirect_chain[-1][0] == "/accounts/login/?next=/admin/"
    sent = {"login": user.email, "password": PASSWORD, "next": "/admin/"}
    return client.post("/accounts/login/", sent)


def test_admin_leads_to_the_sites_own_sign_in_and_back(client: Client, staff: User) -> None:
    answer = sign_in(client, staff)

    assert answer.headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_second_factor_that_is_set_up_is_asked_for(client: Client, staff: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(staff, secret)

    assert sign_in(client, staff).headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/admin/").status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("is_required", [True, False])
def test_the_setting_asks_everybody_for_one(client: Client, staff: User, settings: Any, is_required: bool) -> None:
    settings.ADMIN_SECOND_FACTOR = is_required
    sign_in(client, staff)

    page: Any = client.get("/admin/", follow=True)

    assert page.status_code == (403 if is_required else 200)
    assert ("Admin asks for a second factor" in page.content.decode()) is is_required


def test_a_factor_of_an_earlier_session_does_not_open_this_one(staff: User, settings: Any) -> None:
    settings.ADMIN_SECOND_FACTOR = True
    TOTP.activate(staff, generate_totp_secret())

    assert signed_in(staff, "mfa").get("/admin/").status_code == 200
    assert signed_in(staff, "password").get("/admin/").status_code == 302


@pytest.mark.parametrize("method", ["code", "password_reset"])
def test_a_mailbox_alone_opens_no_admin(staff: User, method: str) -> None:
    client = signed_in(staff, method)

    page: Any = client.get("/admin/", follow=True)

    assert page.status_code == 403
    assert "A code by mail alone opens no admin" in page.content.decode()


def test_a_mailed_code_and_then_the_password_do(staff: User) -> None:
    client = sign_in_by_code(staff)
    assert client.get("/admin/").status_code == 302

    client.post("/accounts/reauthenticate/?next=/admin/", {"password": PASSWORD, "next": "/admin/"})

    assert client.get("/admin/").status_code == 200


def test_a_reader_is_told_whose_admin_is(reader_client: Client) -> None:
    page: Any = reader_client.get("/admin/", follow=True)

    assert page.status_code == 403
    assert "who is no curator" in page.content.decode()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "2026"]
)
def test_next_never_leads_to_another_site(staff: User, client: Client, elsewhere: str) -> None:
    stranger: Any = client.get("/admin/login/", {"next": elsewhere})
    curator: Any = signed_in(staff).get("/admin/login/", {"next": elsewhere})

    assert stranger.headers["Location"] == "/accounts/login/?next=/admin/"
    assert curator.headers["Location"] == "/admin/"


def test_a_password_is_changed_where_tries_are_counted(staff: User) -> None:
    answer: Any = signed_in(staff).get("/admin/password_change/")

    assert answer.headers["Location"] == "/accounts/password/change/"


def test_who_may_not_sign_in_may_not_come_in(staff: User) -> None:
    client = signed_in(staff)
    User.objects.filter(pk=staff.pk).update(is_active=False)

    assert client.get("/admin/").status_code == 302
    assert UserFactory.create().is_staff is False
