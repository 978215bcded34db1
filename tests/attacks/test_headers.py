"""What each kind of page tells browsers and caches, kinds by headers."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client, override_settings

from accounts.models import User
from digest.models import Delivery, Subscription
from tests.conftest import signed_in
from tests.factories import DeliveryFactory, PaperFactory

pytestmark = pytest.mark.django_db

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class World:
    """A curator, a reader with a mail, and a paper; each address may name them."""

    def __init__(self, subscription: Subscription) -> None:
        reader = subscription.reader
        curator = User.objects.create_superuser("curator@example.org")
        delivery: Delivery = DeliveryFactory.create(subscription=subscription)
        self.names = {
            "token": delivery.token,
            "key": reader.feed_key,
            "paper": f"p{PaperFactory.create().pk}",
        }
        self.clients = {
            "stranger": Client(raise_request_exception=False),
            "browser": Client(enforce_csrf_checks=True),
            "reader": signed_in(reader),
            "curator": signed_in(curator),
        }

    def ask(self, asked: str) -> Any:
        """By "who METHOD address"."""
        who, method, address = asked.split(" ")
        headers = ({"Authorization": "Bearer a-token"} if address == "/metrics/" else {}) | (
            {"Host": "evil_example"} if address == "/?host" else {}
        )
        return getattr(self.clients[who], method.lower())(address.format(**self.names), headers=headers)


# Who asks for what: status, and whether the answer is kept nowhere, has a secret address, sets a cookie.
KINDS: dict[str, tuple[int, bool, bool, bool]] = {
    "stranger GET /": (200, False, False, False),
    "stranger GET /papers/{paper}/": (200, False, False, False),
    "stranger GET /search/feed/?q=x": (200, False, False, False),
    "stranger GET /static/css/site.css": (200, False, False, False),
    "stranger GET /health/": (200, False, False, False),
    "stranger GET /metrics/": (200, True, False, False),
    "stranger GET /subscription/": (302, True, False, False),
    "stranger GET /admin/": (302, True, False, False),
    "stranger GET /accounts/login/": (200, True, False, True),
    "stranger POST /accounts/login/": (200, True, False, True),
    "reader GET /": (200, True, False, True),
    "reader GET /papers/{paper}/": (200, True, False, True),
    "reader GET /subscription/": (200, True, False, True),
    "reader GET /accounts/": (200, True, False, True),
    "curator GET /admin/": (200, True, False, True),
    "stranger GET /saved/feed/{key}/": (200, True, True, False),
    "stranger GET /subscription/feed/{key}/": (200, True, True, False),
    "stranger GET /d/{token}/": (200, True, True, False),
    "stranger GET /d/{token}/unsubscribe/": (200, True, True, True),
    "stranger GET /d/cut/": (404, True, True, False),
    "stranger GET /accounts/confirm-email/a:b:c/": (200, True, True, False),
    "stranger GET /accounts/password/reset/key/1-abc/": (200, True, True, False),
    "stranger GET /?host": (400, False, False, False),
    "browser POST /accounts/login/": (403, True, False, False),
    "stranger GET /nowhere/": (404, False, False, False),
    "stranger GET /health/?broken": (500, False, False, False),
}


@pytest.fixture
def world(subscription: Subscription, index: Any, settings: Any) -> World:
    settings.METRICS_TOKEN = "a-token"
    settings.ALLOWED_HOSTS = ["testserver"]
    index()
    return World(subscription)


FEEDS = {"stranger GET /saved/feed/{key}/", "stranger GET /subscription/feed/{key}/"}
# What everybody who is not signed in is shown alike.
FOR_ALL = {"stranger GET /", "stranger GET /papers/{paper}/", "stranger GET /search/feed/?q=x"}


@pytest.mark.parametrize("fresh", [0, 60])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_page_says_what_it_must(
    kind: str, fresh: int, world: World, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.PAGES_FRESH_SECONDS = fresh
    if kind in FOR_ALL:
        world.ask(kind)
    status, is_personal, _, sets_cookie = KINDS[kind]
    if "broken" in kind:
        monkeypatch.setattr("papersite.views.connection", None)

    answer = world.ask(kind)
    answer.close()

    said = answer.headers
    assert (answer.status_code, bool(answer.cookies)) == (status, sets_cookie)
    assert {name: said.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert "camera=()" in said["Permissions-Policy"]
    assert "default-src 'none'" in said["Content-Security-Policy"]
    # No other site hears of an address; to our own a form says where it stood, also without TLS.
    assert said["Referrer-Policy"] == "same-origin"
    # A program of the reader's keeps a feed, and asks each time whether it still holds.
    kept = "no-cache" if kind in FEEDS else "no-store"
    assert (kept in said.get("Cache-Control", "")) is is_personal
    assert ("private" in said.get("Cache-Control", "")) is is_personal
    assert "Strict-Transport-Security" not in said
    assert (said.get("Cache-Control", "").startswith("public") and "ETag" in said) is (kind in FOR_ALL)
    # What shows who is signed in differs by cookie.
    if status == 200 and "html" in said["Content-Type"]:
        assert "Cookie" in said["Vary"]


def test_an_https_site_keeps_to_https(world: World) -> None:
    """HSTS where it was asked for; http leads to https, but for a monitor on the machine itself."""
    proxy = ("HTTP_X_FORWARDED_PROTO", "https")
    secure = {"X-Forwarded-Proto": "https"}
    with override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=3600, SECURE_PROXY_SSL_HEADER=proxy):
        plain: Any = Client().get("/topics/")
        pages = [Client().get(path, headers=secure) for path in ("/topics/", "/static/css/site.css", "/nowhere/")]
        health = Client().get("/health/")
    for page in pages:
        page.close()

    assert (plain.status_code, plain.headers["Location"]) == (301, "https://testserver/topics/")
    assert [page.headers["Strict-Transport-Security"] for page in pages] == ["max-age=3600"] * 3
    assert health.status_code == 200


def test_no_script_reads_a_cookie_and_no_other_site_sends_one(reader: User, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    client.get("/accounts/login/", secure=True)
    client.post("/accounts/login/", {"login": reader.email}, secure=True)

    assert {"sessionid", "csrftoken"} <= client.cookies.keys()
    for name in ("sessionid", "csrftoken"):
        written = client.cookies[name]
        assert (name, written["secure"], written["httponly"], written["samesite"]) == (name, True, True, "Lax")


def test_no_page_for_everybody_holds_a_token(world: World) -> None:
    for path in ("/", "/topics/", "/archive/", "/papers/{paper}/", "/trending/how/", "/privacy/", "/nowhere/"):
        answer = world.ask(f"stranger GET {path}")
        assert "csrfmiddlewaretoken" not in answer.content.decode(), path
        assert not answer.cookies, path


def test_no_script_of_ours_asks_for_a_cookie() -> None:
    assert "document.cookie" not in Path(str(finders.find("js/site.js"))).read_text()
