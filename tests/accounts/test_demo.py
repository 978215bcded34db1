"""Accounts of the demo, whose password is published, do not sign in outside DEBUG: by no way at all."""

import re
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.test import Client

from accounts import closing
from accounts.models import User
from digest.models import Subscription
from digest.readers import demo
from tests.accounts.soft_passkey import SoftPasskey
from tests.accounts.test_forms import sign_in_by_code
from tests.accounts.test_social_login import come_by_github, says  # noqa: F401  a fixture
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator() -> User:
    demo.make_curator()
    return User.objects.get()


def is_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def by_password(client: Client, user: User) -> int:
    form = {"login": user.email, "password": demo.CURATOR_PASSWORD}
    return client.post("/accounts/login/", form).status_code


def by_code(client: Client, user: User) -> int:
    client.post("/accounts/login/code/", {"email": user.email})
    (code,) = re.findall(r"^    (\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    return client.post("/accounts/login/code/confirm/", {"code": code}).status_code


def by_new_password(client: Client, user: User) -> int:
    """The way of a mail for a forgotten password, and then in."""
    user.set_password("another-long-password")
    user.save()
    form = {"login": user.email, "password": "another-long-password"}
    return client.post("/accounts/login/", form).status_code


def by_passkey(client: Client, user: User) -> int:
    passkey = SoftPasskey()
    was_demo = user.is_demo
    User.objects.update(is_demo=False)
    passkey.add(sign_in_by_code(user))
    User.objects.update(is_demo=was_demo)
    options = client.get("/accounts/2fa/webauthn/login/", headers={"X-Requested-With": "XMLHttpRequest"}).json()
    proved = {"credential": passkey.proved(options, user.pk)}
    return client.post("/accounts/2fa/webauthn/login/", proved).status_code


def by_another_site(client: Client, user: User) -> int:
    SocialAccount.objects.create(user=user, provider="github", uid="7")
    return int(come_by_github(client).status_code)


WAYS = [by_password, by_code, by_new_password, by_passkey, by_another_site]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.usefixtures("says")
def test_no_way_leads_in_outside_debug(client: Client, curator: User, way: Any) -> None:
    # allauth has a page of its own for what fails on the way back from another site.
    assert way(client, curator) in ((200, 401) if way is by_another_site else (403,))
    assert not is_in(client)
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.usefixtures("says")
def test_each_way_leads_in_for_everybody_else(client: Client, curator: User, way: Any) -> None:
    """So that what is refused above is refused for what it is."""
    User.objects.update(is_demo=False)
    curator.refresh_from_db()

    assert way(client, curator) in (200, 302)
    assert is_in(client)


def test_while_debug_the_demo_signs_in_and_its_session_ends_with_debug(
    client: Client, curator: User, settings: Any
) -> None:
    settings.DEBUG = True
    assert by_password(client, curator) == 302
    assert client.get("/admin/").status_code == 200

    settings.DEBUG = False
    assert client.get("/admin/").status_code == 302
    assert not is_in(client)


def test_a_session_with_a_former_key_ends_too(client: Client, curator: User, settings: Any) -> None:
    settings.DEBUG = True
    by_password(client, curator)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"
    assert client.get("/admin/").status_code == 200

    settings.DEBUG = False
    assert client.get("/admin/").status_code == 302


def test_the_demo_marks_all_it_makes() -> None:
    demo.make_curator()
    demo.make_readers(NOW)

    assert User.objects.filter(is_demo=True).count() == 1 + len(demo.READERS)
    assert Subscription.objects.count() == len(demo.READERS)


def test_a_curator_of_the_demo_is_nobody_who_could_run_the_site(curator: User, settings: Any) -> None:
    real = UserFactory.create(is_superuser=True, is_staff=True)

    assert closing.is_last_curator(real)
    settings.DEBUG = True
    assert not closing.is_last_curator(real)
