"""Migrations run forth and back, keep their rows, and mark those they know."""

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts import roles
from accounts.models import User
from digest.readers import demo
from tests.accounts.test_roles import held_by
from tests.factories import UserFactory

# Address, password, and whether a former release's demo made it.
PEOPLE = [
    (demo.CURATOR, make_password(demo.CURATOR_PASSWORD), True),
    ("ada@example.org", make_password(None), True),
    ("bo@example.org", make_password("one of their own"), False),
    ("somebody@example.org", make_password(demo.CURATOR_PASSWORD), False),
    ("chiyo@example.com", make_password(None), False),
]


def migrate(name: str = "") -> None:
    """To this one of accounts, or to the newest of all apps: what stands on accounts goes back with it."""
    executor = MigrationExecutor(connection)
    executor.migrate([("accounts", name)] if name else executor.loader.graph.leaf_nodes())


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_what_former_demos_made_is_marked_by_address_and_password_together() -> None:
    User.objects.bulk_create([User(email=email, password=password) for email, password, _ in PEOPLE])
    try:
        migrate("0002_readers")
    finally:
        migrate()

    assert dict(User.objects.values_list("email", "is_demo")) == {email: is_demo for email, _, is_demo in PEOPLE}


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_curator_with_a_password_of_their_own_is_none_of_the_demo() -> None:
    User.objects.create(email=demo.CURATOR, password=make_password("one of their own"))
    try:
        migrate("0002_readers")
    finally:
        migrate()

    assert not User.objects.get().is_demo


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_groups_come_with_their_rights_and_going_back_loses_nobody() -> None:
    operator = UserFactory.create(is_staff=True)
    operator.groups.add(Group.objects.get(name="operators"))
    try:
        call_command("migrate", "accounts", "0002_readers", verbosity=0)
        Group.objects.filter(name="curators").delete()
    finally:
        migrate()
        call_command("migrate", verbosity=0)

    assert list(operator.groups.values_list("name", flat=True)) == ["operators"]
    assert {name: held_by(name) for name in roles.GROUPS} == {name: roles.permissions_of(name) for name in roles.GROUPS}
