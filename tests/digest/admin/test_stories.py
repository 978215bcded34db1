"""A reader's story: why no mail came, and what an operator can do about it."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from digest import tokens
from digest.models import Delivery, MailEvent, Subscription, Suppression
from tests.admin_lists import queries
from tests.conftest import signed_in
from tests.factories import DeliveryFactory, FollowFactory, PaperFactory, SubscriptionFactory, UserFactory, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(db: None) -> Client:
    operator = UserFactory.create(is_staff=True)
    operator.groups.set(Group.objects.filter(name="operators"))
    return signed_in(operator)


def url(page: str, subscription: Subscription) -> str:
    return reverse(f"admin:digest_subscription_{page}", args=[subscription.pk])


def suppress(reader: User) -> Suppression:
    return Suppression.objects.create(address_hash=tokens.address_hash(reader.email), reason="The address is gone.")


def said(answer: object) -> str:
    return " ".join(str(one) for one in get_messages(answer.wsgi_request))  # type: ignore[attr-defined]


def test_a_typed_address_leads_to_its_readers_story(client: Client, subscription: Subscription) -> None:
    answer = client.post(reverse("admin:digest_subscription_find"), {"address": " Reader@Example.org "})

    assert answer.headers["Location"] == url("story", subscription)


def test_an_address_of_nobody_tells_what_is_known_of_it(client: Client) -> None:
    Suppression.objects.create(address_hash=tokens.address_hash("gone@example.org"), reason="It bounced for good.")

    page = client.post(reverse("admin:digest_subscription_find"), {"address": "gone@example.org"}).content.decode()

    assert "Nobody gets digests at gone@example.org" in page
    assert "It bounced for good." in page
    for bad in ("", "x" * 300_000, "<script>@"):
        answer = client.post(reverse("admin:digest_subscription_find"), {"address": bad})
        assert "That is no address." in answer.content.decode()


def test_a_story_says_what_is_in_the_way_and_what_became_of_each_mail(
    client: Client, subscription: Subscription
) -> None:
    suppress(subscription.reader)
    mailed = sent(subscription, papers=2)
    DeliveryFactory.create(
        subscription=subscription, day=mailed.day + timedelta(days=1), state="skipped", reason="It bounced."
    )
    MailEvent.objects.create(
        event_id="1", source="esp", kind="hard", address_hash="", delivery=mailed, said="550 no such user"
    )
    FollowFactory.create(subscription=subscription, kind="search", search="graph networks", mutes=True)

    page = client.get(url("story", subscription)).content.decode()

    for words in (
        *("No mail would leave now", "Mail to this address bounced", "They follow nothing.", "not graph networks"),
        *("It bounced.", "550 no such user", "Lift the suppression", "reader@example.org, confirmed by its mail"),
        *(item.paper.title for item in mailed.items.all()),
    ):
        assert words in page, words
    assert mailed.token not in page


def test_a_long_story_goes_on_by_key_and_costs_the_same(client: Client, subscription: Subscription) -> None:
    first = sent(subscription)
    asked = queries(client, url("story", subscription))
    for number in range(1, 35):
        DeliveryFactory.create(subscription=subscription, day=first.day + timedelta(days=number), state="sent")

    assert queries(client, url("story", subscription)) <= asked
    page = client.get(url("story", subscription))
    older = page.context["story"].older
    rest = client.get(url("story", subscription), {"before": older}).context["story"]
    assert [len(page.context["story"].deliveries), len(rest.deliveries), rest.older] == [30, 5, None]
    assert client.get(url("story", subscription), {"before": "9" * 400}).status_code == 200


def test_one_more_mail_is_refused_to_a_suppressed_reader_with_the_reason(
    client: Client, subscription: Subscription
) -> None:
    suppress(subscription.reader)

    answer = client.post(url("resend", subscription))

    assert said(answer) == "No mail was ordered. Mail to this address bounced or was refused."
    assert not Delivery.objects.exists()


def test_one_more_mail_goes_where_there_is_something_new(client: Client, subscription: Subscription) -> None:
    assert "nothing new" in said(client.post(url("resend", subscription)))

    FollowFactory.create(subscription=subscription)
    PaperFactory.create(announced_at=timezone.now(), added_at=timezone.now())
    DeliveryFactory.create(subscription=subscription, day=timezone.now().date(), state="sent")
    client.cookies.pop("messages", None)
    assert "on its way" in said(client.post(url("resend", subscription)))
    assert Delivery.objects.get(extra=1).state == "sent"
    assert [one.to for one in mail.outbox] == [[subscription.reader.email]]


def test_lifting_leads_back_to_the_story(client: Client, subscription: Subscription) -> None:
    held = suppress(subscription.reader)

    lift = reverse("admin:digest_suppression_lift", args=[held.pk])
    answer = client.post(f"{lift}?reader={subscription.pk}", {"reason": "They wrote that it works again."})

    assert answer.headers["Location"] == url("story", subscription)
    assert not Suppression.objects.exists()


def test_a_readers_data_taken_for_them_opens_none_of_their_mails(client: Client, subscription: Subscription) -> None:
    mailed = sent(subscription)

    answer = client.post(url("export", subscription))

    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as packed:
        everything = b"".join(packed.read(name) for name in packed.namelist()).decode()
    assert mailed.items.get().paper.title in everything
    assert mailed.token not in everything
    assert subscription.reader.feed_key not in everything
    assert "Took the reader’s data" in client.get(url("story", subscription)).content.decode()


def test_an_operator_takes_no_data_of_staff(client: Client) -> None:
    held = SubscriptionFactory.create(reader__is_staff=True, reader__is_superuser=True)

    assert client.post(url("export", held)).status_code == 403
