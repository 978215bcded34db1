"""The curators' desk for people."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.admin_lists import check_list
from tests.factories import DeliveryFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_list_costs_the_same_for_one_row_and_for_thirty(curator_client: Client) -> None:
    check_list(curator_client, User, UserFactory.create_batch)


def test_a_curator_adds_a_person_by_address_alone(curator_client: Client) -> None:
    curator_client.post(reverse("admin:accounts_user_add"), {"email": "new@example.org", "usable_password": "false"})

    assert User.objects.get(email="new@example.org").has_usable_password() is False


def test_admin_is_closed_to_readers(reader_client: Client) -> None:
    assert reader_client.get("/admin/").status_code == 302


def test_keys_and_secrets_are_not_on_the_desk(curator_client: Client) -> None:
    page = curator_client.get("/admin/").content.decode()

    assert "Authenticators" not in page
    assert "Social application" not in page


def test_an_account_is_closed_as_its_reader_would(curator_client: Client, reader: User) -> None:
    page = reverse("admin:accounts_user_delete", args=[reader.pk])
    DeliveryFactory.create(subscription=reader.subscription)

    assert "the account, its subscription" in curator_client.get(page).content.decode()
    curator_client.post(page, {"post": "yes"})

    assert not User.objects.filter(pk=reader.pk).exists()


def test_what_a_closed_account_did_stays_in_the_history_under_its_name(curator: User, curator_client: Client) -> None:
    other = UserFactory.create(is_staff=True, name="Ada Byron")
    LogEntry.objects.log_actions(other.pk, [curator], 2, "Changed.", single_object=True)

    curator_client.post(reverse("admin:accounts_user_delete", args=[other.pk]), {"post": "yes"})

    assert not User.objects.filter(pk=other.pk).exists()
    assert not LogEntry.objects.filter(change_message="Changed.").exists()
    for search in ("byron", f"by:{other.pk}", f"user:{curator.pk}", "Changed"):
        page = curator_client.get(reverse("admin:accounts_deed_changelist"), {"q": search}).content.decode()
        assert "Ada Byron" in page, search


def test_a_superuser_makes_somebody_a_curator(curator_client: Client, reader: User) -> None:
    inlines = {f"{name}-{form}": "0" for name in ("emailaddress_set", "socialaccount_set") for form in FORMS}
    rights = {"is_active": "on", "is_staff": "on", "groups": [Group.objects.get(name="curators").pk]}

    answer = curator_client.post(reverse("admin:accounts_user_change", args=[reader.pk]), inlines | rights)

    assert answer.status_code == 302
    assert User.objects.get(pk=reader.pk).has_perm("catalogue.change_paper")


FORMS = ("TOTAL_FORMS", "INITIAL_FORMS")
