"""Users, known by an address."""

import pytest
from django.db import IntegrityError

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_create_user_has_no_password_and_an_address_in_lower_case() -> None:
    user = User.objects.create_user(" Reader@Example.ORG ")

    assert (user.email, user.has_usable_password(), user.is_staff) == ("reader@example.org", False, False)


def test_create_superuser_may_do_everything() -> None:
    curator = User.objects.create_superuser("curator@example.org", "a password")

    assert (curator.is_staff, curator.is_superuser, curator.check_password("a password")) == (True, True, True)


def test_create_user_needs_an_address() -> None:
    with pytest.raises(ValueError, match="needs an address"):
        User.objects.create_user("")


def test_an_address_is_one_user_whatever_its_case() -> None:
    User.objects.create_user("reader@example.org")

    with pytest.raises(IntegrityError):
        User.objects.create(email="READER@example.org")
