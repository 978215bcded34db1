"""A provider's news, as it posts them."""

import base64
import json
from typing import Any

import pytest
from django.test import Client

from digest import tokens
from digest.bounces import handling
from digest.models import Delivery, MailEvent, Subscription, Suppression
from tests.factories import NOW, DeliveryFactory, SubscriptionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.webhook_urls")]

URL = "/anymail/postmark/tracking/"
GOOD = "Basic " + base64.b64encode(b"papers:secret").decode()


@pytest.fixture(autouse=True)
def secret(settings: Any) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "papers:secret"}


@pytest.fixture
def delivery(subscription: Subscription) -> Delivery:
    return DeliveryFactory.create(subscription=subscription)


def bounce(delivery: Delivery | None, **fields: Any) -> dict[str, Any]:
    metadata = {"delivery": delivery.token} if delivery else {}
    return {
        "RecordType": "Bounce", "ID": 42, "Type": "HardBounce", "TypeCode": 1, "MessageID": "m-1", "Tag": "",
        "Email": "reader@example.org", "From": "digest@papers.example.org", "BouncedAt": "2026-11-23T12:00:00Z",
        "Details": "smtp;550 5.1.1 <reader@example.org> unknown", "Metadata": metadata, **fields,
    }  # fmt: skip


def post(content: Any, *, authorization: str = GOOD) -> int:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    answer = Client().post(URL, body, content_type="application/json", headers={"Authorization": authorization})
    return answer.status_code


def kinds() -> list[str]:
    return list(MailEvent.objects.values_list("kind", flat=True))


def test_a_hard_bounce_is_kept_first_and_applied_after(delivery: Delivery) -> None:
    assert post(bounce(delivery)) == 200
    assert (kinds(), Suppression.objects.count()) == (["hard"], 0)

    handling.apply_new(NOW)

    assert Suppression.objects.get().address_hash == tokens.address_hash("reader@example.org")
    assert MailEvent.objects.get().delivery == delivery


def test_replays_are_harmless(delivery: Delivery) -> None:
    for _ in range(30):
        post(bounce(delivery))

    assert kinds() == ["hard"]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"Type": "SoftBounce", "TypeCode": 4096, "Details": "smtp;452 4.2.2 mailbox full"}, ["soft"]),
        ({"Type": "SpamComplaint", "TypeCode": 512, "RecordType": "SpamComplaint"}, ["complaint"]),
        ({"Details": "smtp;550 5.7.1 blocked using zen.spamhaus.org"}, ["ours"]),
        ({"Details": "smtp;550 5.1.8 Sender address rejected: Domain not found"}, ["ours"]),
        ({"Type": "Blocked", "TypeCode": 100006, "Details": ""}, ["ours"]),
        ({"Type": "AutoResponder", "TypeCode": 8}, []),
        ({"RecordType": "Open", "FirstOpen": True, "Recipient": "reader@example.org"}, []),
        ({"RecordType": "Delivery", "DeliveredAt": "2026-11-23T12:00:00Z", "Recipient": "reader@example.org"}, []),
        ({"Email": ""}, []),
    ],
)
def test_each_kind_of_news_is_what_it_is(delivery: Delivery, fields: dict[str, Any], found: list[str]) -> None:
    post(bounce(delivery, **fields))

    assert kinds() == found


def test_news_of_a_stranger_are_not_kept(delivery: Delivery) -> None:
    post(bounce(None, Email="stranger@example.org"))
    post(bounce(None, Email="stranger@example.org", Metadata={"delivery": f"{delivery.pk}.forged"}))

    assert kinds() == []


def test_news_of_another_address_than_the_one_that_was_mailed_are_not_kept(delivery: Delivery) -> None:
    SubscriptionFactory.create(reader__email="victim@example.org")

    post(bounce(delivery, Email="victim@example.org"))

    assert kinds() == []


def test_news_reach_the_address_that_was_mailed_after_its_reader_changed_it(delivery: Delivery) -> None:
    delivery.subscription.reader.email = "later@example.org"
    delivery.subscription.reader.save()

    post(bounce(delivery, Email="Reader@Example.org"))

    assert MailEvent.objects.get().address_hash == delivery.mailed_to == tokens.address_hash("reader@example.org")


def test_news_without_the_delivery_are_kept_for_a_reader(delivery: Delivery) -> None:
    post(bounce(None))

    assert kinds() == ["hard"]


@pytest.mark.parametrize(
    "authorization", ["", "Basic Zm9yZ2Vk", "Bearer x", "Basic " + base64.b64encode(b"papers:no").decode()]
)
def test_nobody_without_the_secret_is_believed(delivery: Delivery, authorization: str) -> None:
    assert post(bounce(delivery), authorization=authorization) == 400
    assert kinds() == []


@pytest.mark.parametrize(
    "body",
    [b"x" * 10_000_000, b'{"RecordType": "Bounce", "Email": "' + b"x" * 10_000_000 + b'"}'],
    ids=["junk", "json"],
)
def test_ten_megabytes_are_refused(delivery: Delivery, body: bytes) -> None:
    assert post(body) == 400
    assert kinds() == []


def test_without_a_secret_there_is_no_address_to_post_to() -> None:
    import papersite.urls

    assert "anymail" not in str(papersite.urls.urlpatterns)
