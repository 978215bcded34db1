"""Coming in: by code, password, or another site; and whose an address is."""

import threading
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import User
from digest.models import Subscription
from papersite.web.rates import parse
from tests.accounts.test_flows import confirmation_link, found, known, sign_up
from tests.factories import SubscriptionFactory

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "a long and secret sentence"


def with_password(address: str = "reader@example.org") -> User:
    user = known(address, is_verified=True)
    user.set_password(PASSWORD)
    user.save()
    SubscriptionFactory.create(reader=user)
    return user


def sign_in_by_code(user: User) -> Client:
    """A browser in which the reader has signed in just now; the mail with the code is put away."""
    client = Client()
    client.post("/accounts/login/", {"login": user.email})
    client.post("/accounts/login/code/confirm/", {"code": found(r"^    \S+$")})
    mail.outbox.pop()
    return client


def test_a_password_signs_in_where_one_is_set(client: Client) -> None:
    with_password()

    answer: Any = client.post("/accounts/login/", {"login": "Reader@Example.org", "password": PASSWORD})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/subscription/")
    assert mail.outbox == []


@pytest.mark.parametrize("address", ["reader@example.org", "nobody@example.org", "without@example.org"])
def test_a_wrong_password_says_the_same_for_every_address(client: Client, address: str) -> None:
    with_password()
    known("without@example.org", is_verified=True)

    page = client.post("/accounts/login/", {"login": address, "password": "guess"}).content.decode()

    assert "The email address and/or password you specified are not correct." in page
    assert client.get("/subscription/").status_code == 302


def test_guessing_passwords_ends_after_five_tries(client: Client) -> None:
    with_password()
    for _ in range(5):
        client.post("/accounts/login/", {"login": "reader@example.org", "password": "guess"})

    page = client.post("/accounts/login/", {"login": "reader@example.org", "password": PASSWORD}).content.decode()

    assert "Too many failed login attempts" in page


def test_a_reader_sets_a_password_and_is_told_of_it() -> None:
    reader = known("reader@example.org", is_verified=True)
    client = sign_in_by_code(reader)

    answer: Any = client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})

    reader.refresh_from_db()
    assert (answer.headers["Location"], reader.check_password(PASSWORD)) == ("/accounts/", True)
    assert mail.outbox[0].subject == "Your account at Papersite was changed"
    assert "A password was set." in str(mail.outbox[0].body)


def test_a_forgotten_password_is_replaced_by_a_mailed_link_that_works_once(client: Client) -> None:
    reader = with_password()
    client.post("/accounts/password/reset/", {"email": "reader@example.org"})
    link = found(r"/accounts/password/reset/key/\S+/")
    form = client.get(link).headers["Location"]

    client.post(form, {"password1": "another long sentence", "password2": "another long sentence"})

    reader.refresh_from_db()
    assert reader.check_password("another long sentence")
    assert "This link is no longer good" in Client().get(link).content.decode()


def test_two_clicks_at_once_are_one_sign_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one passes every check before the first has written."""
    sign_up("reader@example.org")
    monkeypatch.setattr(User.objects, "filter", lambda **kwargs: User.objects.none())

    answer = sign_up("reader@example.org")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/confirm-email/")
    assert (User.objects.count(), Subscription.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="an SQLite in memory is one connection")
def test_ten_tabs_at_once_are_one_sign_up(settings: Any) -> None:
    settings.MAILS_PER_ADDRESS = settings.MAILS_PER_ADDRESS_ANYWHERE = parse("100/m")
    statuses = []

    def run() -> None:
        statuses.append(sign_up("reader@example.org").status_code)
        connection.close()

    tabs = [threading.Thread(target=run) for _ in range(10)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    assert (statuses, User.objects.count(), Subscription.objects.count()) == ([302] * 10, 1, 1)


def test_the_address_changes_only_once_the_new_one_is_confirmed() -> None:
    reader = known("reader@example.org", is_verified=True)
    client = sign_in_by_code(reader)
    client.post("/accounts/email/", {"email": "New@Example.org", "action_add": "on"})
    reader.refresh_from_db()
    assert (reader.email, mail.outbox[-1].to) == ("reader@example.org", ["new@example.org"])
    assert mail.outbox[-1].subject == "Confirm your new address for Papersite"

    client.post(confirmation_link())

    reader.refresh_from_db()
    assert reader.email == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("new@example.org", True, True)]
    assert mail.outbox[-1].to == ["reader@example.org"]
    assert "The address is now new@example.org instead of reader@example.org." in str(mail.outbox[-1].body)


def test_a_change_that_waits_gives_nobody_the_address_of_another(client: Client) -> None:
    """Somebody types a stranger's address as their new one; the stranger then comes by themselves."""
    squatter = known("squatter@example.org", is_verified=True)
    sign_in_by_code(squatter).post("/accounts/email/", {"email": "owner@example.org", "action_add": "on"})
    squatters_link = confirmation_link()

    client.post("/accounts/login/", {"login": "owner@example.org"})
    assert mail.outbox[-1].subject == "Your address and Papersite"
    cache.clear()  # three minutes later
    client.post("/accounts/signup/", {"email": "owner@example.org"})
    client.post(confirmation_link())

    assert Subscription.objects.get(reader__email="owner@example.org").is_active
    assert "This link is no longer good" in Client().get(squatters_link).content.decode()
    squatter.refresh_from_db()
    assert squatter.email == "squatter@example.org"


def test_an_account_that_only_typed_an_address_makes_room_for_the_one_that_confirms_it() -> None:
    sign_up("reader@example.org")
    cache.clear()  # three minutes later
    other = known("other@example.org", is_verified=True)
    client = sign_in_by_code(other)
    client.post("/accounts/email/", {"email": "reader@example.org", "action_add": "on"})

    client.post(confirmation_link())

    assert list(User.objects.values_list("pk", "email")) == [(other.pk, "reader@example.org")]


def test_no_confirmation_takes_the_address_of_somebody_who_came_in() -> None:
    curator = User.objects.create_superuser("curator@example.org", PASSWORD)
    client = sign_in_by_code(known("other@example.org", is_verified=True))
    client.post("/accounts/email/", {"email": "curator@example.org", "action_add": "on"})

    client.post(confirmation_link())

    assert User.objects.get(email="curator@example.org") == curator
    assert User.objects.filter(email="other@example.org").exists()


def test_a_curator_made_on_the_command_line_signs_in_by_code(client: Client) -> None:
    User.objects.create_superuser("curator@example.org", PASSWORD)

    client.post("/accounts/login/", {"login": "curator@example.org"})
    client.post("/accounts/login/code/confirm/", {"code": found(r"^    \S+$")})

    assert client.get("/accounts/").status_code == 200


def test_a_stopped_account_is_told_so_after_the_password(client: Client) -> None:
    reader = with_password()
    User.objects.filter(pk=reader.pk).update(is_active=False)

    client.post("/accounts/login/", {"login": "reader@example.org", "password": PASSWORD})

    assert client.get("/subscription/").status_code == 302
