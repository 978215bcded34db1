"""What staff fill in about accounts."""

from typing import Any

import pytest
from allauth.core import context
from django.core import mail
from django.test import RequestFactory

from accounts.models import User
from accounts.staff_forms import AccountForm, AskForAddressForm, NewAccountForm, PasswordForm
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def request_of_staff(rf: RequestFactory) -> Any:
    with context.request_context(rf.post("/admin/")):
        yield


@pytest.mark.parametrize(
    ("typed", "kept"), [("New@Example.ORG", "new@example.org"), ("a@bücher.example", "a@xn--bcher-kva.example")]
)
def test_a_new_account_has_its_address_as_signing_in_asks_for_it(typed: str, kept: str) -> None:
    form = NewAccountForm({"email": typed, "usable_password": "false"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["email"] == kept


def test_a_second_superuser_lets_the_first_one_go() -> None:
    first, _ = UserFactory.create_batch(2, is_superuser=True, is_staff=True)

    form = AccountForm({"email": first.email, "is_superuser": ""}, instance=first)

    form.is_valid()
    assert form.non_field_errors() == []


def test_one_who_cannot_enter_the_desk_is_no_second_superuser() -> None:
    first = UserFactory.create(is_superuser=True, is_staff=True)
    UserFactory.create(is_superuser=True, is_staff=True, is_active=False)
    UserFactory.create(is_superuser=True, is_staff=False)

    form = AccountForm({"email": first.email, "is_superuser": ""}, instance=first)

    assert not form.is_valid()
    assert "the last superuser" in str(form.non_field_errors())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"usable_password": "true", "password1": "a long and secret sentence"}, "gave the account another password"),
        ({"usable_password": "false"}, "removed the password"),
    ],
)
def test_the_owner_of_a_password_hears_of_it_whatever_they_switched_off(typed: dict[str, str], said: str) -> None:
    user = UserFactory.create(wants_security_mail=False)
    user.set_password("the former one")
    user.save()

    form = PasswordForm(user, typed | {"password2": typed.get("password1", "")})
    assert form.is_valid(), form.errors
    form.save()

    (message,) = mail.outbox
    assert message.to == [user.email]
    assert said in str(message.body)


def test_the_same_address_is_none_to_ask_for(reader: User) -> None:
    assert not AskForAddressForm({"email": "Reader@example.org"}, user=reader).is_valid()
    assert mail.outbox == []
