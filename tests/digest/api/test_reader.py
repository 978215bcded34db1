"""Whose token it is."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import token_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def ask(path: str, secret: str) -> Any:
    return Client().get(f"/api/v1/me{path}", headers={"Authorization": f"bearer {secret}"})


def test_a_program_learns_whose_token_it_has_and_what_it_may(reader: User, read_token: str) -> None:
    told = ask("", read_token).json()

    assert (told["address"], told["is_subscribed"]) == (reader.email, True)
    assert (told["token"]["name"], told["token"]["scope"], told["token"]["expires_at"]) == ("a program", "read", None)


@pytest.mark.parametrize("path", ["/follows", "/opinions", "/ledger", "/schedule"])
def test_whoever_has_no_subscription_is_told_so(path: str) -> None:
    secret = token_of(UserFactory.create(), "read")

    answer = ask(path, secret)

    assert answer.status_code == 404
    assert "subscription" in answer.json()["detail"]
    assert ask("", secret).json()["is_subscribed"] is False
