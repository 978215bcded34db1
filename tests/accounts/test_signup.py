"""The sign-up form."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.signup import SubscribeForm

pytestmark = pytest.mark.django_db


def test_the_zone_is_optional() -> None:
    assert SubscribeForm({}).is_valid()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b",
        "two@example.org, three@example.org",
        "a@example.org\nBcc: b@example.org",
        "x" * 300 + "@a.org",
    ],
)
def test_an_address_that_is_none_is_said_to_be_none(client: Client, address: str, mailoutbox: list[object]) -> None:
    page = client.post("/accounts/signup/", {"email": address})

    assert 'class="errorlist"' in page.content.decode()
    assert (User.objects.count(), mailoutbox) == (0, [])
