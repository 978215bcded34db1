"""Words that help: for a button pressed twice, a code that is old, a link that is old."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tests.accounts.test_flows import confirmation_link, found, sign_up
from tests.accounts.test_forms import with_password

pytestmark = pytest.mark.django_db
CONFIRM = "/accounts/login/code/confirm/"


def test_the_confirmation_button_pressed_twice_says_welcome_both_times() -> None:
    client = Client()
    client.post("/accounts/signup/", {"email": "reader@example.org"})
    link = confirmation_link()
    other = Client()  # the second click left before the first was answered: it has no session

    first: Any = client.post(link)
    second: Any = client.post(link)
    third = other.post(link)

    assert first.headers["Location"] == second.headers["Location"] == "/subscription/welcome/"
    assert client.get("/subscription/welcome/").status_code == 200
    assert third.status_code == 200
    assert "<h1>Welcome</h1>" in third.content.decode()
    assert other.get("/accounts/").status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_of_last_week_says_how_to_get_another(method: str, time_machine: Any) -> None:
    sign_up("reader@example.org")
    time_machine.move_to(datetime.now(UTC) + timedelta(days=8))

    page = getattr(Client(), method)(confirmation_link()).content.decode()

    assert "It is older than a week. A new one comes at once" in page
    assert 'href="/accounts/signup/"' in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_cut_link_says_so(method: str) -> None:
    answer = getattr(Client(), method)("/accounts/confirm-email/cut:1abc/")

    assert answer.status_code == 200
    assert "It was cut on its way" in answer.content.decode()


def test_a_right_code_after_its_time_says_that_it_is_too_old_and_how_to_get_another(time_machine: Any) -> None:
    with_password()
    client = Client()
    now = datetime.now(UTC)
    time_machine.move_to(now)
    client.post("/accounts/login/", {"login": "reader@example.org"})
    code = found(r"^    \S+$")

    time_machine.move_to(now + timedelta(minutes=16))
    answer: Any = client.post(CONFIRM, {"code": code})

    page = answer.content.decode()
    assert answer.status_code == 410
    assert "That code is too old" in page
    assert 'value="reader@example.org"' in page
    action = re.search(r'class="subscribe" method="post" action="([^"]+)"', page)
    assert action is not None
    client.post(action[1], {"email": "reader@example.org"})
    assert len(mail.outbox) == 2
    client.post(CONFIRM, {"code": found(r"^    \S+$")})
    assert client.get("/accounts/").status_code == 200


def test_a_code_typed_long_after_or_elsewhere_leads_to_another_with_a_word() -> None:
    client = Client()

    answer: Any = client.post(CONFIRM, {"code": "ABCD-EFGH"}, follow=True)

    assert answer.redirect_chain == [("/accounts/login/code/", 302)]
    assert "That code is too old, or was asked for in another browser" in answer.content.decode()


def test_a_cut_link_of_a_mail_says_how_mails_end_without_it() -> None:
    page = Client().get("/d/cut/unsubscribe/")

    assert page.status_code == 404
    assert "To get no more mail" in page.content.decode()


def test_an_undo_that_was_used_says_so(reader_client: Client) -> None:
    page = reader_client.post("/saved/undo/", follow=True).content.decode()

    assert "It was put back already" in page
