"""What follows from something that happened to an account."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts.models import User
from tests.factories import code_of

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_leads_straight_to_the_recovery_codes(proved_client: Client) -> None:
    secret = proved_client.get("/accounts/2fa/totp/activate/").context["form"].secret

    answer: Any = proved_client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})

    assert answer.headers["Location"] == "/accounts/2fa/recovery-codes/"
    assert "10 of 10 are left" in proved_client.get(answer.headers["Location"]).content.decode()


def test_an_old_session_proves_itself_first(reader_client: Client, reader: User) -> None:
    TOTP.activate(reader, generate_totp_secret())

    for path in (
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/recovery-codes/generate/",
    ):
        answer: Any = reader_client.get(path)
        assert answer.headers["Location"].startswith("/accounts/2fa/reauthenticate/"), path
    assert Authenticator.objects.count() == 1
