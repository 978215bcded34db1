"""Rows of readers are found by a part of the address."""

import pytest
from django.contrib import admin
from django.test import RequestFactory

from digest.admin.searching import ByReader
from digest.models import Delivery
from tests.factories import DeliveryFactory, SubscriptionFactory, UserFactory

pytestmark = pytest.mark.django_db


class Rows(ByReader, admin.ModelAdmin):
    pass


@pytest.mark.parametrize(
    ("typed", "found"), [("ADA@", {"ada@example.org"}), (" example.org ", {"ada@example.org", "bo@example.org"}),
        ("%", set()), ("nobody", set()), ("", {"ada@example.org", "bo@example.org"})]
)  # fmt: skip
def test_deliveries_are_found_by_their_readers_address(typed: str, found: set[str]) -> None:
    for address in ("ada@example.org", "bo@example.org"):
        DeliveryFactory.create(subscription=SubscriptionFactory.create(reader=UserFactory.create(email=address)))
    desk = Rows(Delivery, admin.site)

    rows, may_repeat = desk.get_search_results(RequestFactory().get("/"), Delivery.objects.all(), typed)

    assert {one.subscription.reader.email for one in rows} == found
    assert not may_repeat
