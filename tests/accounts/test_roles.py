"""The two groups of staff, and that they may do what the table says."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts import roles
from accounts.models import User
from tests.factories import UserFactory


def held_by(name: str) -> set[str]:
    rows = Permission.objects.filter(group__name=name).values_list("content_type__app_label", "codename")
    return {".".join(row) for row in rows}


@pytest.mark.django_db
@pytest.mark.parametrize("name", roles.GROUPS)
def test_a_group_may_do_what_the_table_says(name: str) -> None:
    assert held_by(name) == roles.permissions_of(name)
    assert len(held_by(name)) > 20


def test_the_table_names_models_that_are_there() -> None:
    for name in roles.TABLE:
        assert apps.get_model(name) is not None


def test_curators_hold_nothing_that_shows_a_readers_address_and_nobody_holds_rights_to_rights() -> None:
    curators, operators = roles.permissions_of("curators"), roles.permissions_of("operators")

    assert not {one for one in curators if one.startswith(("accounts.", "account."))}
    assert {one for one in curators if one.startswith("digest.")} == {
        f"digest.{action}_{model}" for action in roles.ALL.split() for model in ("edition", "persona", "pick")
    } | {"digest.view_editionrules", "digest.change_editionrules"}
    assert not {one for one in curators | operators if one.startswith(("auth.", "mfa.", "socialaccount.", "sessions."))}
    assert "accounts.add_user" not in operators


@pytest.mark.django_db(transaction=True)
def test_groups_are_there_again_after_a_flush() -> None:
    Group.objects.get(name="curators").permissions.clear()

    call_command("flush", interactive=False, verbosity=0)

    assert held_by("curators") == roles.permissions_of("curators")
    assert held_by("operators") == roles.permissions_of("operators")


@pytest.mark.django_db
def test_the_table_is_the_truth_for_the_two_groups_and_for_no_other() -> None:
    own, curators = Group.objects.create(name="own"), Group.objects.get(name="curators")
    more = Permission.objects.get(codename="delete_vote")
    own.permissions.add(more)
    curators.permissions.add(more)
    curators.permissions.remove(Permission.objects.get(codename="view_paper"))

    roles.write(apps.get_app_config("catalogue"), using="default")

    assert held_by("curators") == roles.permissions_of("curators")
    assert held_by("own") == {"catalogue.delete_vote"}


@pytest.mark.django_db
def test_accounts_with_rights_are_managed_by_superusers_alone() -> None:
    reader, superuser = UserFactory.create(), UserFactory.create(is_superuser=True)
    operator = UserFactory.create(is_staff=True)
    in_group = UserFactory.create()
    in_group.groups.add(Group.objects.get(name="curators"))

    assert [roles.may_manage(operator, one) for one in (reader, operator, in_group, superuser)] == [True] + [False] * 3
    assert all(roles.may_manage(superuser, one) for one in User.objects.all())
