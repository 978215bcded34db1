"""The site's own pages: the outbox while DEBUG, and errors in our own words."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives
from django.db import InterfaceError, OperationalError
from django.test import Client, RequestFactory

from papersite import views
from papersite.mailing.outbox import EmailBackend, newest

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.urls")]


def write(count: int) -> list[str]:
    backend = EmailBackend(folder=settings.OUTBOX_DIR, alias="default")
    for number in range(count):
        message = EmailMultiAlternatives(f"Subject {number}", "As <text>.", to=[f"reader{number}@example.org"])
        message.attach_alternative('<p style="color: red">As HTML.</p>', "text/html")
        backend.send_messages([message])
    return [path.stem for path in newest(Path(settings.OUTBOX_DIR))]


@pytest.mark.parametrize("count", [1, 30])
def test_outbox_lists_mails_newest_first_without_a_query(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    write(count)

    with django_assert_num_queries(0):
        page = client.get("/outbox/").content.decode()

    assert page.count("@example.org</td>") == count
    assert page.index(f"Subject {count - 1}<") <= page.index("Subject 0<")


def test_outbox_mail_shows_its_text_escaped(client: Client) -> None:
    (name,) = write(1)

    page = client.get(f"/outbox/{name}/").content.decode()

    assert "As &lt;text&gt;." in page
    assert f'src="/outbox/{name}/html/"' in page


def test_outbox_html_is_the_mail_under_a_policy_of_its_own(client: Client) -> None:
    (name,) = write(1)

    answer = client.get(f"/outbox/{name}/html/")

    assert answer.content.strip() == b'<p style="color: red">As HTML.</p>'
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("name", ["nothing", "..%2F..%2Fmanage", "%00", "..", "."])
def test_outbox_opens_nothing_else(client: Client, name: str) -> None:
    assert client.get(f"/outbox/{name}/").status_code == 404


def test_health_asks_the_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert client.get("/health/").json() == {"status": "ok"}


def test_errors_are_said_in_our_own_words(client: Client) -> None:
    request = RequestFactory().get("/")

    answers = [
        views.bad_request(request, Exception()),
        views.permission_denied(request, Exception()),
        views.csrf_failure(request),
        views.page_not_found(request, Exception()),
        views.server_error(request),
    ]

    assert [answer.status_code for answer in answers] == [400, 403, 403, 404, 500]
    assert [answer.content.decode().partition("<h1>")[2].partition("</h1>")[0] for answer in answers] == [
        "That was not understood",
        "This is not yours to see",
        "This form has gone stale",
        "There is nothing here",
        "Something broke on our side",
    ]


def test_a_form_without_its_token_is_refused_in_our_own_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/signup/", {"email": "reader@example.org"})

    assert answer.status_code == 403
    assert "This form has gone stale" in answer.content.decode()


def test_the_privacy_page_is_a_click_away_and_names_every_cookie_the_site_sets(reader_client: Client) -> None:
    home = Client().get("/")
    page = reader_client.get("/privacy/").content.decode()

    assert home.content.decode().count('href="/privacy/"') == 2  # beside the box, and in the footer
    signing_up = Client()
    signing_up.post("/accounts/signup/", {"email": "new@example.org"})
    for name in {*home.cookies, *reader_client.cookies, *signing_up.cookies, "device"} - {"messages"}:
        assert f"<code>{name}</code>" in page


@pytest.mark.parametrize("page", ["/topics/", "/archive/", "/search/?q=graphs", "/nowhere/"])
def test_the_box_of_every_page_makes_a_reader(page: str) -> None:
    """By what the browser says of where it stood: the page sets no cookie, and holds no token."""
    client = Client(enforce_csrf_checks=True)
    html = client.get(page).content.decode()
    assert 'action="/accounts/signup/"' in html
    assert "csrfmiddlewaretoken" not in html
    assert not client.cookies

    answer = client.post(
        "/accounts/signup/", {"email": "reader@example.org"}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert answer.status_code == 302
    assert [mail.to for mail in django_mail.outbox] == [["reader@example.org"]]


@pytest.mark.parametrize("away", [OperationalError, InterfaceError])
@pytest.mark.parametrize("debug", [True, False])
def test_a_page_that_needs_a_database_that_is_away_apologises(
    settings: Any, monkeypatch: pytest.MonkeyPatch, away: type[Exception], debug: bool
) -> None:
    def ask(*args: object) -> None:
        raise away

    settings.DEBUG = debug
    monkeypatch.setattr("papersite.views.connection.cursor", ask)
    client = Client(raise_request_exception=False)

    page = client.get("/health/")
    told = client.get("/health/", headers={"Accept": "application/json"})

    assert (page.status_code, page.headers["Retry-After"], page.headers["Cache-Control"]) == (503, "30", "no-store")
    assert "Back in a moment" in page.content.decode()
    assert (told.status_code, told.json()["retry_after"]) == (503, 30)
