"""The first curator of a site."""

import re
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from tests.factories import SubscriptionFactory

pytestmark = pytest.mark.django_db

ADDRESS, PASSWORD = "first@example.com", "a-long-enough-password"


def made(*arguments: str) -> str:
    out = StringIO()
    call_command("createcurator", *arguments, stdout=out)
    return out.getvalue()


def link(said: str, settings: Any) -> str:
    (found,) = re.findall(rf"{settings.SITE_URL}(/accounts/password/reset/\S+)", said)
    return str(found)


def set_password(address: str) -> Any:
    client = Client()
    form: Any = client.get(address, follow=True)
    if "password1" not in form.content.decode():
        return form
    return client.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})


def test_the_first_curator_sets_a_password_by_a_link_that_is_good_once_and_signs_in(
    client: Client, settings: Any
) -> None:
    said = made("First@Example.com", "--superuser")

    curator = User.objects.get()
    assert (curator.email, curator.is_staff, curator.is_superuser, curator.is_demo) == (ADDRESS, True, True, False)
    assert not curator.has_usable_password()
    assert EmailAddress.objects.filter(user=curator, email=ADDRESS, verified=True, primary=True).exists()
    address = link(said, settings)
    assert set_password(address).status_code == 302
    assert "password1" not in Client().get(address, follow=True).content.decode()
    client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
    assert client.get("/admin/").status_code == 200


def test_a_curator_joins_the_group_of_curators_where_there_is_one() -> None:
    Group.objects.filter(name="curators").delete()
    assert "There is no group" in made(ADDRESS)
    group = Group.objects.create(name="curators")

    said = made(ADDRESS)

    assert "There is no group" not in said
    assert list(User.objects.get().groups.all()) == [group]
    assert not User.objects.get().is_superuser


def test_a_reader_is_promoted_and_keeps_what_they_have() -> None:
    reader = SubscriptionFactory.create(reader__email=ADDRESS).reader
    reader.set_password(PASSWORD)
    reader.save()

    said = made(ADDRESS)

    reader.refresh_from_db()
    assert said.startswith(f"promoted: {ADDRESS}\n")
    assert "/password/reset/" not in said
    assert (reader.is_staff, reader.check_password(PASSWORD), reader.subscription.is_active) == (True, True, True)


@pytest.mark.parametrize(
    ("address", "fields", "words"),
    [
        ("no address", {}, "valid email"),
        (f"{'a' * 80}@example.com", {}, "this long"),
        (ADDRESS, {"is_demo": True}, "account of the demo"),
        (ADDRESS, {"is_active": False}, "not active"),
    ],
)
def test_what_cannot_be_a_curator_is_said_and_nothing_changes(address: str, fields: dict[str, Any], words: str) -> None:
    if fields:
        User.objects.create_user(ADDRESS, **fields)

    with pytest.raises(CommandError, match=words):
        made(address)

    assert not User.objects.filter(is_staff=True).exists()
