"""A code in a session, whoever it was asked for."""

from typing import Any

import pytest
from django.test import Client

from accounts import orders
from accounts.models import MailOrder, User
from tests.accounts.test_forms import with_password

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders._bell, "ring", lambda: None)


@pytest.mark.parametrize("address", ["reader@example.org", "nobody@example.org"])
def test_asking_writes_the_same_whoever_is_asked_about(address: str, django_assert_num_queries: Any) -> None:
    with_password()
    client = Client()

    client.post("/accounts/login/", {"login": address})

    state = client.session["account_login"]
    assert state["user_pk"] is None
    order = MailOrder.objects.get()
    assert (order.kind, order.address) == ("code", address)
    assert order.details["code"] == state["state"]["stages"]["login_by_code"]["data"]["code"]


def code() -> str:
    return str(MailOrder.objects.get().details["code"])


def test_the_right_code_of_a_reader_signs_in(client: Client) -> None:
    with_password()
    client.post("/accounts/login/", {"login": "reader@example.org"})

    answer: Any = client.post("/accounts/login/code/confirm/", {"code": code()})

    assert (answer.status_code, client.get("/accounts/").status_code) == (302, 200)


def test_the_right_code_of_nobody_signs_nobody_in(client: Client) -> None:
    """Such a code is mailed to nobody; guessed, or after the account was closed, it opens nothing."""
    client.post("/accounts/login/", {"login": "nobody@example.org"})

    answer = client.post("/accounts/login/code/confirm/", {"code": code()})

    assert answer.status_code == 200
    assert client.get("/accounts/").status_code == 302
    assert not User.objects.exists()
