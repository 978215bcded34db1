"""Every link that leaves the site leads to SITE_URL, whatever the request says of itself."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client, RequestFactory

from digest.models import Subscription
from papersite import links
from papersite.catalogue.models import SavedPaper
from tests.factories import NOW, PaperFactory, sent

HOSTILE: list[dict[str, Any]] = [
    {"HTTP_HOST": "evil.example"},
    {"HTTP_HOST": "papers.example.org:8443"},
    {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PORT": "666"},
    {"SERVER_NAME": "evil.example", "SERVER_PORT": "8080"},
]
_ADDRESS = re.compile(r"https?://[^/\s\"'<>]+")


@pytest.fixture(autouse=True)
def any_host(settings: Any) -> None:
    """As careless as a site can be set up."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.USE_X_FORWARDED_HOST = True


@pytest.mark.parametrize("address", ["/a/?b=c#d", "http://evil.example:1/a/?b=c#d", "//evil.example/a/?b=c#d"])
def test_absolute_keeps_all_but_the_host(settings: Any, address: str) -> None:
    assert links.absolute(address) == f"{settings.SITE_URL}/a/?b=c#d"


def hosts(text: str) -> set[str]:
    return set(_ADDRESS.findall(text))


@pytest.mark.parametrize("headers", HOSTILE)
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("form", ["signup", "password/reset", "login/code"])
def test_mails_that_anybody_can_order_lead_to_the_site(
    subscription: Subscription, settings: Any, form: str, known: bool, headers: Any
) -> None:
    address = subscription.reader.email if known else "stranger@example.org"

    Client().post(f"/accounts/{form}/", {"email": address}, **headers)

    (message,) = mail.outbox
    written = str(message.body) + str(message.alternatives[0][0])  # type: ignore[union-attr]
    assert hosts(written) == {settings.SITE_URL}


@pytest.mark.parametrize("headers", HOSTILE)
def test_a_mail_about_a_new_address_leads_to_the_site(subscription: Subscription, settings: Any, headers: Any) -> None:
    """Also where no middleware saw the request."""
    address = EmailAddress.objects.create(user=subscription.reader, email="new@example.org")

    address.send_confirmation(RequestFactory().get("/", **headers))

    assert hosts(str(mail.outbox[-1].body)) == {settings.SITE_URL}


@pytest.mark.parametrize("headers", HOSTILE)
def test_feeds_lead_to_the_site(
    client: Client, subscription: Subscription, index: Any, settings: Any, headers: Any
) -> None:
    delivery, key = sent(subscription), subscription.reader.feed_key
    paper = PaperFactory.create(title="A saved paper")
    SavedPaper.objects.create(reader=subscription.reader, paper=paper, saved_at=NOW)
    index()
    for feed in (f"/subscription/feed/{key}/", f"/saved/feed/{key}/", "/search/feed/?q=paper"):
        text = client.get(feed, **headers).content.decode()

        assert "<entry>" in text
        assert hosts(text) - {"http://www.w3.org"} == {settings.SITE_URL}
        assert delivery.token not in text


@pytest.mark.parametrize("headers", HOSTILE)
def test_other_sites_send_people_back_to_the_site(client: Client, db: None, settings: Any, headers: Any) -> None:
    answer = client.post("/accounts/github/login/", **headers)

    assert answer.status_code == 302
    assert (
        "redirect_uri=https%3A%2F%2Fpapers.example.org%2Faccounts%2Fgithub%2Flogin%2Fcallback%2F" in answer["Location"]
    )
