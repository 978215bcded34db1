"""Who may see a reader's own pages."""

import pytest
from django.test import Client

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["schedule", "follows"])
def test_pages_of_a_subscription_are_not_there_for_someone_without_one(client: Client, page: str) -> None:
    client.force_login(UserFactory.create(), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(f"/subscription/{page}/").status_code == 404


@pytest.mark.parametrize("page", ["", "schedule/", "follows/"])
def test_pages_of_a_subscription_ask_a_stranger_to_sign_in(client: Client, page: str) -> None:
    answer = client.get(f"/subscription/{page}")

    assert answer.headers["Location"] == f"/accounts/login/?next=/subscription/{page}"
