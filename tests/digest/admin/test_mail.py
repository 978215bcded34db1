"""The desk for deliveries, the relay and suppressions; and every list of the app."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from digest import models, tokens
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


def rules(count: int) -> None:
    models.EditionRules.objects.get_or_create(pk=1)


def personas(count: int) -> None:
    held = models.Persona.objects.count()
    for number in range(count):
        models.Persona.objects.create(name=f"Persona {held + number}")


LISTS: dict[type[Model], Callable[[int], Any]] = {
    models.Delivery: items,
    models.DeliveryItem: items,
    models.Edition: editions,
    models.EditionRules: rules,
    models.Follow: follows,
    models.Handover: handovers,
    models.LedgerMonth: months,
    models.MailEvent: mail_events,
    models.Persona: personas,
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


@pytest.mark.parametrize("is_folded", [False, True])
def test_a_delivery_is_shown_with_its_papers_also_when_they_are_folded(curator_client: Client, is_folded: bool) -> None:
    delivery = sent(SubscriptionFactory.create(), date(2026, 7, 10), papers=2)
    titles = list(delivery.items.values_list("paper__title", flat=True))
    if is_folded:
        folding.fold(NOW)

    page = curator_client.get(reverse("admin:digest_delivery_change", args=[delivery.pk])).content.decode()

    assert all(f"{title} (Graphs, Sound)" in page for title in titles)


ADDRESS = "Somebody@Example.org"


def suppress(client: Client, address: str) -> str:
    typed = {"address": address, "reason": "asked by letter"}
    return client.post(reverse("admin:digest_suppression_add"), typed, follow=True).content.decode()


def test_a_typed_address_is_suppressed_and_found_by_that_address(curator_client: Client) -> None:
    page = suppress(curator_client, ADDRESS)

    assert "was added successfully" in page
    assert models.Suppression.objects.get().address_hash == tokens.address_hash(ADDRESS)
    for name in ("digest_suppression_changelist", "digest_mailevent_changelist"):
        models.MailEvent.objects.get_or_create(event_id="1", address_hash=tokens.address_hash(ADDRESS), kind="hard")
        found = curator_client.get(reverse(f"admin:{name}"), {"q": " somebody@example.org "})
        assert found.context["cl"].result_count == 1
        assert curator_client.get(reverse(f"admin:{name}"), {"q": "nobody@example.org"}).context["cl"].result_count == 0


def test_an_address_that_is_suppressed_already_stays_so_and_that_is_said(curator_client: Client) -> None:
    models.Suppression.objects.create(address_hash=tokens.address_hash(ADDRESS), reason="bounced", suppressed_at=NOW)

    page = suppress(curator_client, ADDRESS)

    assert "It was there already, since 2026-11-23, and stays as it is: bounced" in page
    assert "added successfully" not in page
    assert models.Suppression.objects.get().reason == "bounced"


def test_what_is_no_address_is_refused(curator_client: Client) -> None:
    assert "Enter a valid email address" in suppress(curator_client, "deadbeef")
    assert not models.Suppression.objects.exists()


def test_a_suppression_is_lifted_with_a_reason(curator_client: Client) -> None:
    suppress(curator_client, ADDRESS)
    page = reverse("admin:digest_suppression_lift", args=[models.Suppression.objects.get().pk])

    answer = curator_client.post(page, {"reason": "asked again"}, follow=True)

    assert "mail may go there again" in answer.content.decode()
    assert not models.Suppression.objects.exists()
    assert "asked again" in models.MailEvent.objects.get().said


def test_an_alarm_that_sounds_meanwhile_is_not_lifted_with_the_one_that_was_seen() -> None:
    models.Relay.objects.create(pk=1, alarm="Two mails for one day.", alarmed_at=NOW)
    seen = models.Relay.objects.get()
    models.Relay.objects.update(alarm="More mails than deliveries.", strikes=2)

    class Form:
        changed_data = ["alarm", "is_paused"]
        cleaned_data = {"alarm": "", "is_paused": True}
        initial = {"alarm": seen.alarm}

    admin.site._registry[models.Relay].save_model(None, seen, Form(), True)  # type: ignore[arg-type]

    assert models.Relay.objects.values_list("alarm", "is_paused", "strikes").get() == (
        "More mails than deliveries.", True, 2,
    )  # fmt: skip
