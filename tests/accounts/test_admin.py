"""The curators' desk for people."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.admin_lists import check_list
from tests.factories import UserFactory

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
