"""Signing in through GitHub, Google or ORCID: what they say of an address opens nobody else's account."""

from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from django.core import mail
from django.test import Client

from accounts.models import User
from digest.models import Subscription
from tests.accounts.test_flows import confirmation_link, known
from tests.accounts.test_forms import sign_in_by_code
from tests.factories import SubscriptionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What GitHub answers; the test fills it in."""
    answer: dict[str, Any] = {"id": 7, "login": "ada", "name": "Ada", "email": None, "emails": [], "location": "London"}

    def complete_login(self: Any, request: Any, app: Any, token: Any, **kwargs: Any) -> Any:
        return self.get_provider().sociallogin_from_response(request, answer)

    monkeypatch.setattr(OAuth2Client, "get_access_token", lambda *args, **kwargs: {"access_token": "a-token"})
    monkeypatch.setattr(GitHubOAuth2Adapter, "complete_login", complete_login)
    return answer


def address(says: dict[str, Any], email: str, *, verified: bool) -> None:
    says |= {"email": email, "emails": [{"email": email, "primary": True, "verified": verified}]}


def come_by_github(client: Client, process: str = "login") -> Any:
    going: Any = client.post(f"/accounts/github/login/?process={process}")
    away = urlparse(going.headers["Location"])
    assert away.netloc == "github.com"
    return client.get("/accounts/github/login/callback/", {"code": "a-code", "state": parse_qs(away.query)["state"][0]})


def test_the_sign_in_page_has_a_button_for_each_and_lets_forms_go_there(client: Client) -> None:
    answer: Any = client.get("/accounts/login/")

    for name in ("GitHub", "Google", "ORCID"):
        assert f"Sign in with {name}" in answer.content.decode()
    policy = answer.headers["Content-Security-Policy"]
    assert "form-action 'self' https://github.com https://accounts.google.com https://orcid.org" in policy


def test_a_newcomer_agrees_to_the_mail_first_and_a_verified_address_needs_no_link(client: Client, says: Any) -> None:
    address(says, "Ada@example.org", verified=True)

    assert come_by_github(client).headers["Location"] == "/accounts/3rdparty/signup/"
    assert User.objects.count() == 0
    assert "One mail a day until you unsubscribe" in client.get("/accounts/3rdparty/signup/").content.decode()
    client.post("/accounts/3rdparty/signup/", {"email": "ada@example.org", "time_zone": "Europe/London"})

    subscription = Subscription.objects.get()
    assert (subscription.reader.email, subscription.is_active) == ("ada@example.org", True)
    assert client.get("/subscription/").status_code == 200
    assert mail.outbox == []


@pytest.mark.parametrize("typed", ["ada@example.org", "other@example.org"])
def test_an_address_the_other_site_does_not_vouch_for_is_confirmed_by_link(
    client: Client, says: Any, typed: str
) -> None:
    address(says, "ada@example.org", verified=typed != "ada@example.org")
    come_by_github(client)

    client.post("/accounts/3rdparty/signup/", {"email": typed})

    assert not Subscription.objects.get().is_active
    assert client.get("/subscription/").status_code == 302
    client.post(confirmation_link())
    assert Subscription.objects.get().is_active


@pytest.mark.parametrize("verified", [True, False])
def test_no_word_of_another_site_opens_an_account_that_is_here(client: Client, says: Any, verified: bool) -> None:
    reader = known("reader@example.org", is_verified=True)
    SubscriptionFactory.create(reader=reader)
    address(says, "reader@example.org", verified=verified)
    come_by_github(client)

    answer: Any = client.post("/accounts/3rdparty/signup/", {"email": "reader@example.org"})

    assert answer.headers["Location"] == "/accounts/confirm-email/"
    assert client.get("/subscription/").status_code == 302
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)
    assert [message.subject for message in mail.outbox] == ["Your address and Papersite"]


def test_a_linked_site_signs_in_whatever_address_it_names(says: Any) -> None:
    reader = known("reader@example.org", is_verified=True)
    SubscriptionFactory.create(reader=reader)
    client = sign_in_by_code(reader)
    assert come_by_github(client, "connect").headers["Location"] == "/accounts/"
    assert SocialAccount.objects.get().extra_data == {"login": "ada", "name": "Ada"}
    assert "GitHub was linked" in str(mail.outbox[-1].body)
    client.logout()
    address(says, "victim@example.org", verified=True)

    come_by_github(client)

    assert client.get("/accounts/").context["user"] == reader
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["reader@example.org"]


def test_a_link_is_removed_again(says: Any) -> None:
    reader = known("reader@example.org", is_verified=True)
    client = sign_in_by_code(reader)
    come_by_github(client, "connect")
    page = client.get("/accounts/3rdparty/").content.decode()
    assert "<strong>GitHub</strong> ada" in page

    client.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})

    assert SocialAccount.objects.count() == 0


def test_turning_back_at_the_other_site_says_so(client: Client) -> None:
    going: Any = client.post("/accounts/github/login/")
    state = parse_qs(urlparse(going.headers["Location"]).query)["state"][0]

    answer = client.get("/accounts/github/login/callback/", {"error": "access_denied", "state": state}, follow=True)

    assert "You turned back" in answer.content.decode()


def test_a_callback_nobody_asked_for_opens_nothing(client: Client, says: Any) -> None:
    answer = client.get("/accounts/github/login/callback/", {"code": "a-code", "state": "forged"})

    assert "did not let you in" in answer.content.decode()
    assert User.objects.count() == 0
