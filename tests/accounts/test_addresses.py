"""Addresses that no mail can be sent to are refused at every door."""

import importlib
import io
import os
import sys
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.addresses import SPACES, validate_address
from accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

REFUSED = (
    '"\x0b"@example.org', '"a b"@example.org', '"a"@example.org', '"a\\"b"@example.org',
    "a\x0b@example.org", "a\t@example.org", "a b@example.org", "a\x7f@example.org",
    "a\u00a0b@example.org", "a\u202eb@example.org", "a\u200bb@example.org", "a\x00@example.org", "ä@example.org",
    "a@example.org\r\nRCPT TO:<b@example.org>", "a@example.org>", "<a@example.org", "a,b@example.org",
    "a;b@example.org", "a(b)@example.org", "a@b@example.org", ".a@example.org", "a..b@example.org", "a.@example.org",
    "a@exam ple.org", "a@example..org", "a@", "@example.org", "a", "a@example.org\n",
)  # fmt: skip
TAKEN = ("a@example.org", "a+b@example.org", "o'neill@example.org", "a.b_c-d@sub.example.org", "{x}|y@example.org")


@pytest.mark.parametrize("address", REFUSED, ids=ascii)
def test_an_address_that_no_server_carries_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        validate_address(address)
    with pytest.raises(ValidationError):
        get_adapter().clean_email(address)
    if address == address.strip():
        with pytest.raises(ValidationError):
            User.objects.create_user(address)
    with pytest.raises(ValidationError):
        User(email=address, password="x").full_clean()


@pytest.mark.parametrize("address", TAKEN)
def test_an_address_that_servers_carry_is_taken(address: str) -> None:
    validate_address(address)
    assert get_adapter().clean_email(address) == address
    assert User.objects.create_user(address).email == address


HELD_OFF = (*REFUSED[:8], "a@example.org>", "a,b@example.org", "a(b)@example.org", "a@exam ple.org", "a@", "a")


@pytest.mark.parametrize("address", HELD_OFF, ids=ascii)
def test_the_database_holds_no_such_address(address: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email=address, password="x")])


@pytest.mark.parametrize("address", ['"\x0b"@example.org', "a b@example.org"], ids=ascii)
def test_the_box_says_what_is_wrong_and_keeps_nothing(client: Client, address: str) -> None:
    answer = client.post("/accounts/signup/", {"email": address})

    assert answer.status_code < 500
    assert "confirm" not in answer.headers.get("Location", "")
    assert not User.objects.exists()


def test_the_command_line_refuses_it_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "DJANGO_SUPERUSER_PASSWORD", "a-long-password")

    with pytest.raises(CommandError, match=r"quotation marks|invisible"):
        call_command("createsuperuser", interactive=False, email='"\x0b"@example.org', stdout=io.StringIO())


def test_accounts_that_got_in_before_are_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    migration = importlib.import_module("accounts.migrations.0005_addresses")
    good, bad = UserFactory.create(email="good@example.org"), UserFactory.create(email="bad@example.org")
    # The rule of the database stands already: so the pattern is narrowed instead.
    monkeypatch.setattr("accounts.addresses.PATTERN", "^good")

    class Apps:
        @staticmethod
        def get_model(app: str, name: str) -> Any:
            return User

    migration.set_aside(Apps, connection)

    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.email, good.is_active) == ("good@example.org", True)
    assert (bad.email, bad.is_active) == (f"unusable-{bad.pk}@address.invalid", False)


def test_no_space_of_unicode_is_forgotten() -> None:
    assert {one for one in map(chr, range(1, sys.maxunicode + 1)) if one.isspace()} == set(SPACES)
