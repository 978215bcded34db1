"""Signed in elsewhere: what ends it, and that the browser that asked stays."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.accounts.soft_passkey import SoftPasskey
from tests.accounts.test_flows import confirmation_link
from tests.accounts.test_forms import PASSWORD, sign_in_by_code, with_password
from tests.factories import code_of

pytestmark = pytest.mark.django_db


def add_passkey(client: Client) -> None:
    SoftPasskey().add(client)


def remove_passkey(client: Client) -> None:
    SoftPasskey().add(client)
    key = Authenticator.objects.get(type="webauthn")
    client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
    assert not Authenticator.objects.filter(type="webauthn").exists()


def set_up_app(client: Client) -> None:
    page: Any = client.get("/accounts/2fa/totp/activate/")
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(page.context["form"].secret)})
    assert Authenticator.objects.filter(type="totp").exists()


def change_password(client: Client) -> None:
    new = "another long and secret sentence"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})


def change_address(client: Client) -> None:
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": "on"})
    client.post(confirmation_link())


@pytest.mark.parametrize("act", [add_passkey, remove_passkey, set_up_app, change_password, change_address])
@pytest.mark.django_db(transaction=True)
def test_other_sessions_end_and_the_present_one_stays(act: Callable[[Client], None]) -> None:
    reader = with_password()
    other, client = sign_in_by_code(reader), sign_in_by_code(reader)

    act(client)

    answer: Any = other.get("/accounts/")
    assert (answer.status_code, client.get("/accounts/").status_code) == (302, 200)


def test_a_session_from_before_there_was_a_salt_goes_on() -> None:
    reader = with_password()
    client = sign_in_by_code(reader)

    assert reader.session_salt == ""
    assert client.get("/accounts/").status_code == 200
