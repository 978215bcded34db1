"""Writes past the ORM: the same rows as it would make."""

from datetime import UTC, date, datetime, timedelta

import pytest

from digest.database import bulk
from digest.models import Delivery, DeliveryItem, Subscription
from tests.factories import NOW, DeliveryFactory, PaperFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db


def test_add_deliveries_makes_what_the_orm_would(subscription: Subscription) -> None:
    other = SubscriptionFactory.create()
    bulk.add_deliveries(
        [
            (subscription.pk, NOW.date(), NOW, "due", "", None),
            (other.pk, NOW.date(), NOW, "skipped", "It’s “late” \\ 100 %.", NOW),
        ]
    )

    made, skipped = Delivery.objects.order_by("pk")
    plain = Delivery(pk=made.pk, subscription=subscription, day=NOW.date(), due_at=NOW)
    fields = [field.attname for field in Delivery._meta.concrete_fields]
    assert {name: getattr(made, name) for name in fields} == {name: getattr(plain, name) for name in fields}
    assert (skipped.state, skipped.reason, skipped.settled_at) == ("skipped", "It’s “late” \\ 100 %.", NOW)


def test_add_deliveries_leaves_a_day_that_is_there(subscription: Subscription) -> None:
    DeliveryFactory.create(subscription=subscription, day=NOW.date(), state="sent")

    bulk.add_deliveries([(subscription.pk, NOW.date(), NOW, "due", "", None)])

    assert list(Delivery.objects.values_list("state", flat=True)) == ["sent"]


def test_set_next_moves_each_subscription_to_its_own() -> None:
    subscriptions = SubscriptionFactory.create_batch(3)
    moments = [datetime(2026, 12, n, 7, 30, tzinfo=UTC) for n in (1, 2, 3)]

    bulk.set_next([(at.date(), at, one.pk) for one, at in zip(subscriptions, moments, strict=True)])

    assert list(Subscription.objects.order_by("pk").values_list("next_due_on", "next_due_at")) == [
        (date(2026, 12, n), at) for n, at in zip((1, 2, 3), moments, strict=True)
    ]


def test_add_items_keeps_every_character_of_a_reason(subscription: Subscription) -> None:
    reasons = (("search", 'tab\t "quote" \\ back\\nslash é 图 \x1f'), ("pick", "line\nend"))
    one, paper = DeliveryFactory.create(subscription=subscription), PaperFactory.create()

    bulk.add_items([(one.pk, subscription.pk, paper.pk, 0, reasons)])

    item = DeliveryItem.objects.get()
    assert (item.delivery_id, item.subscription_id, item.paper_id, item.position) == (
        one.pk, subscription.pk, paper.pk, 0,
    )  # fmt: skip
    assert item.reasons == [list(reason) for reason in reasons]


def test_add_items_keeps_what_did_not_fit_with_the_first_of_each_delivery(subscription: Subscription) -> None:
    left = r'[["search","tab\t \"quote\" \\ back\nslash é 图",7,1]]'
    deliveries = [DeliveryFactory.create(subscription=one) for one in (subscription, SubscriptionFactory.create())]
    papers = PaperFactory.create_batch(2)

    bulk.add_items(
        [
            (one.pk, one.subscription_id, paper.pk, place, (("topic", "Graphs"),))
            for one in deliveries
            for place, paper in enumerate(papers)
        ],
        {deliveries[0].pk: left},
    )

    rows = DeliveryItem.objects.order_by("delivery_id", "position").values_list("remainders", flat=True)
    assert list(rows) == [left, None, None, None]


def test_nothing_to_write_writes_nothing() -> None:
    bulk.add_deliveries([])
    bulk.set_next([])
    bulk.add_items([])

    assert Delivery.objects.filter(due_at__gte=NOW - timedelta(days=999)).count() == 0
