"""The curators' desk for readers, editions and deliveries."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from digest import models
from digest.ledger import codec, folding
from tests.admin_lists import check_list
from tests.factories import (
    NOW,
    DeliveryFactory,
    EditionFactory,
    FollowFactory,
    PaperFactory,
    PickFactory,
    SubscriptionFactory,
    TopicFactory,
    sent,
)

pytestmark = pytest.mark.django_db


def items(count: int) -> None:
    for _ in range(count):
        delivery = DeliveryFactory.create()
        delivery.items.create(subscription=delivery.subscription, paper=PaperFactory.create(), position=0)


def editions(count: int) -> None:
    held = models.Edition.objects.count()
    for number in range(count):
        edition = EditionFactory.create(day=date(2026, 1, 1) + timedelta(days=held + number))
        PickFactory.create(edition=edition)


def follows(count: int) -> None:
    for _ in range(count):
        FollowFactory.create(kind="topic", topic=TopicFactory.create())


def mail_events(count: int) -> None:
    held = models.MailEvent.objects.count()
    for number in range(count):
        models.MailEvent.objects.create(event_id=f"esp:{held + number}", source="esp", kind="hard")


def suppressions(count: int) -> None:
    held = models.Suppression.objects.count()
    for number in range(count):
        models.Suppression.objects.create(address_hash=f"{held + number:064}", reason="bounced")


def handovers(count: int) -> None:
    held = models.Handover.objects.count()
    for number in range(count):
        models.Handover.objects.create(day=date(2026, 1, 1) + timedelta(days=held + number))


def months(count: int) -> None:
    for one in SubscriptionFactory.create_batch(count):
        models.LedgerMonth.objects.create(
            subscription=one, month=date(2026, 1, 1), items=codec.encode([]), paper_count=0
        )


def relay(count: int) -> None:
    models.Relay.objects.get_or_create(pk=1)


LISTS: dict[type[Model], Callable[[int], Any]] = {
    models.Delivery: items,
    models.DeliveryItem: items,
    models.Edition: editions,
    models.Follow: follows,
    models.Handover: handovers,
    models.LedgerMonth: months,
    models.MailEvent: mail_events,
    models.Pick: editions,
    models.Relay: relay,
    models.Subscription: SubscriptionFactory.create_batch,
    models.Suppression: suppressions,
}


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
def test_lists_cost_the_same_for_one_row_and_for_thirty(curator_client: Client, model: type[Model]) -> None:
    check_list(curator_client, model, LISTS[model])


def test_the_ledger_can_neither_be_written_nor_deleted(curator_client: Client) -> None:
    delivery = DeliveryFactory.create()

    assert curator_client.get(reverse("admin:digest_delivery_add")).status_code == 403
    assert curator_client.post(reverse("admin:digest_delivery_delete", args=[delivery.pk])).status_code == 403
    assert curator_client.post(reverse("admin:digest_delivery_change", args=[delivery.pk]), {}).status_code == 403


def test_a_curator_pauses_all_mail_and_lifts_an_alarm(curator_client: Client) -> None:
    models.Relay.objects.create(pk=1, alarm="Two mails for one day.", alarmed_at=NOW)
    page = reverse("admin:digest_relay_change", args=[1])

    curator_client.post(page, {"is_paused": "on", "alarm": ""})

    assert models.Relay.objects.values_list("is_paused", "alarm").get() == (True, "")
    assert curator_client.post(reverse("admin:digest_relay_delete", args=[1])).status_code == 403
    assert curator_client.get(reverse("admin:digest_relay_add")).status_code == 403


def test_a_changed_schedule_moves_the_next_slot(curator_client: Client) -> None:
    subscription = SubscriptionFactory.create()
    before = subscription.next_due_at

    curator_client.post(
        reverse("admin:digest_subscription_change", args=[subscription.pk]),
        {
            "reader": subscription.reader.pk, "time_zone": "Asia/Tokyo", "send_at": "06:30",
            "weekdays": "127", "cap": "5", "on_quiet_days": "nothing",
            "follows-TOTAL_FORMS": "0", "follows-INITIAL_FORMS": "0",
        },
    )  # fmt: skip

    subscription.refresh_from_db()
    assert (subscription.time_zone, subscription.cap) == ("Asia/Tokyo", 5)
    assert subscription.next_due_at != before


@pytest.mark.parametrize("is_folded", [False, True])
def test_a_delivery_is_shown_with_its_papers_also_when_they_are_folded(curator_client: Client, is_folded: bool) -> None:
    delivery = sent(SubscriptionFactory.create(), date(2026, 7, 10), papers=2)
    titles = list(delivery.items.values_list("paper__title", flat=True))
    if is_folded:
        folding.fold(NOW)

    page = curator_client.get(reverse("admin:digest_delivery_change", args=[delivery.pk])).content.decode()

    assert all(f"{title} (Graphs, Sound)" in page for title in titles)
