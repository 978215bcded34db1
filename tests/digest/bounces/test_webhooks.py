"""A provider's news, as it posts them."""

import base64
import json
from typing import Any

import pytest
from anymail.signals import AnymailTrackingEvent, EventType
from django.test import Client

from digest import tokens
from digest.bounces import handling, webhooks
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


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("550 5.1.1 <reader@example.org> user unknown", "hard"),
        ("452 4.2.2 mailbox full", "soft"),
        ("550 5.7.1 blocked using zen.spamhaus.org", "ours"),
        ("", "soft"),
    ],
)
def test_the_servers_words_decide_where_a_provider_gives_no_reason(delivery: Delivery, said: str, found: str) -> None:
    """As Mandrill's and SendGrid's news."""
    event = AnymailTrackingEvent(
        event_type=EventType.BOUNCED, event_id="e", recipient="reader@example.org", mta_response=said,
        metadata={"delivery": delivery.token},
    )  # fmt: skip

    webhooks.keep_mail_event(event, "Mandrill")

    assert kinds() == [found]


@pytest.mark.parametrize("metadata", ["words", ["delivery"], 5, None])
def test_metadata_of_another_shape_name_no_delivery(delivery: Delivery, metadata: Any) -> None:
    event = AnymailTrackingEvent(
        event_type=EventType.COMPLAINED, event_id="e", recipient="reader@example.org", metadata=metadata
    )

    webhooks.keep_mail_event(event, "Brevo")

    assert MailEvent.objects.get().delivery is None


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


NUL, HALF = "a\0b", "a\ud800b"


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"ID": NUL}, ["hard"]),
        ({"ID": HALF}, ["hard"]),
        ({"ID": "9" * 5000}, ["hard"]),
        ({"ID": None, "MessageID": HALF}, ["hard"]),
        ({"Details": f"550 5.1.1 user unknown {NUL} {HALF}"}, ["hard"]),
        ({"Details": {"a": [1]}, "Description": HALF}, ["soft"]),
        ({"Metadata": "words"}, []),
        ({"Metadata": {"delivery": {"a": 1}}}, []),
        ({"Metadata": {"delivery": HALF}}, []),
        ({"Metadata": {"delivery": f"{'9' * 18}.{NUL}"}}, []),
        ({"Email": f"{NUL}@example.org"}, []),
        ({"Email": f"{HALF}@example.org"}, []),
        ({"Email": f"reader@{HALF}"}, []),
        ({"Email": {"a": "@"}}, []),
        ({"Email": "x" * 100_000 + "@example.org"}, []),
    ],
)
def test_odd_values_in_news_that_can_be_read_break_nothing(
    delivery: Delivery, fields: dict[str, Any], found: list[str]
) -> None:
    assert post(bounce(delivery, **fields)) in (200, 400)
    assert kinds() == found

    handling.apply_new(NOW)


def test_without_a_secret_there_is_no_address_to_post_to() -> None:
    import papersite.urls

    assert "anymail" not in str(papersite.urls.urlpatterns)
