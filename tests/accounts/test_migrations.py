"""Migrations run forth and back, and keep their rows."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts import roles
from tests.accounts.test_roles import held_by
from tests.factories import UserFactory


@pytest.mark.django_db(transaction=True)
def test_groups_come_with_their_rights_and_going_back_loses_nobody() -> None:
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("accounts")[0][1]
    operator = UserFactory.create(is_staff=True)
    operator.groups.add(Group.objects.get(name="operators"))
    try:
        call_command("migrate", "accounts", "0002_readers", verbosity=0)
        Group.objects.filter(name="curators").delete()
    finally:
        call_command("migrate", "accounts", newest, verbosity=0)

    assert list(operator.groups.values_list("name", flat=True)) == ["operators"]
    assert {name: held_by(name) for name in roles.GROUPS} == {name: roles.permissions_of(name) for name in roles.GROUPS}
