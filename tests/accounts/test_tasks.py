"""What is done for accounts without anybody asking."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import tasks
from accounts.models import User
from tests.accounts.test_flows import known, sign_up
from tests.factories import SubscriptionFactory

pytestmark = pytest.mark.django_db


def test_tidy_forgets_what_was_kept_for_a_time_only(reader_client: Client) -> None:
    late = timezone.now() - timedelta(days=31)
    for address in ("old@example.org", "new@example.org"):
        sign_up(address)
    made = SubscriptionFactory.create(reader=known("made@example.org", is_verified=False)).reader
    known("confirmed@example.org", is_verified=True)
    User.objects.exclude(email="new@example.org").update(joined_at=late)
    expired = Session.objects.create(session_key="expired", session_data="", expire_date=late)

    tasks.tidy.delay()

    assert sorted(User.objects.values_list("email", flat=True)) == [
        "confirmed@example.org", made.email, "new@example.org", "reader@example.org",
    ]  # fmt: skip
    assert not Session.objects.filter(pk=expired.pk).exists()
    assert reader_client.get("/accounts/").status_code == 200


def test_tidy_forgets_where_a_closed_account_was_signed_in(reader_client: Client, curator_client: Client) -> None:
    stranger = Client()
    stranger.post("/accounts/login/", {"login": "somebody@example.org"})
    User.objects.get(email="reader@example.org").delete()
    assert Session.objects.count() == 3

    tasks.tidy()

    assert Session.objects.count() == 2
    assert curator_client.get("/accounts/").status_code == 200
