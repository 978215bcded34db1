"""Signing up and signing in: the same for a known and an unknown address, and nothing by a mere GET."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User
from digest.models import Follow, Subscription
from tests.factories import SubscriptionFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db


def sign_up(address: str, **fields: str) -> Any:
    return Client().post("/accounts/signup/", {"email": address} | fields)


def found(pattern: str) -> str:
    match = re.search(pattern, str(mail.outbox[-1].body), re.MULTILINE)
    assert match is not None
    return match[0].strip()


def confirmation_link() -> str:
    return found(r"/accounts/confirm-email/\S+/")


def known(address: str, *, is_verified: bool) -> User:
    user = UserFactory.create(email=address)
    EmailAddress.objects.create(user=user, email=address, verified=is_verified, primary=True)
    return user


def test_signing_up_answers_the_same_whether_or_not_the_address_is_known() -> None:
    known("known@example.org", is_verified=True)
    known("unconfirmed@example.org", is_verified=False)

    answers = [sign_up(address) for address in ("new@example.org", "known@example.org", "unconfirmed@example.org")]

    assert {(answer.status_code, answer.headers["Location"], answer.content) for answer in answers} == {
        (302, "/accounts/confirm-email/", b"")
    }
    assert [message.to for message in mail.outbox] == [
        ["new@example.org"], ["known@example.org"], ["unconfirmed@example.org"],
    ]  # fmt: skip
    assert [message.subject for message in mail.outbox][:2] == [
        "Confirm your address for Papersite",
        "Your address and Papersite",
    ]


def test_signing_up_sends_nothing_but_a_link_and_makes_a_subscription_that_waits() -> None:
    sign_up("Reader@Example.org", time_zone="Europe/Berlin")

    subscription = Subscription.objects.get()
    assert (subscription.reader.email, subscription.time_zone) == ("reader@example.org", "Europe/Berlin")
    assert (subscription.confirmed_at, subscription.next_due_at) == (None, None)
    assert subscription.consent.startswith("Send me one mail a day")
    assert [follow.kind for follow in subscription.follows.all()] == ["trending"]


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "x" * 64])
def test_a_zone_that_is_none_does_not_stop_a_sign_up(zone: str) -> None:
    sign_up("reader@example.org", time_zone=zone)

    assert Subscription.objects.get().time_zone == "UTC"


def test_a_scanner_that_opens_the_link_confirms_nothing() -> None:
    sign_up("reader@example.org")

    page = Client().get(confirmation_link()).content.decode()

    assert "Yes, start my daily mail" in page
    assert Subscription.objects.get().confirmed_at is None


def test_confirming_on_the_same_device_signs_in_and_leads_to_the_choices() -> None:
    client = Client()
    client.post("/accounts/signup/", {"email": "reader@example.org"})

    answer: Any = client.post(confirmation_link())

    assert answer.headers["Location"] == "/subscription/welcome/"
    assert client.get("/subscription/welcome/").status_code == 200
    subscription = Subscription.objects.get()
    assert subscription.is_active
    assert subscription.next_due_at is not None


def test_confirming_on_another_device_confirms_and_asks_to_sign_in() -> None:
    sign_up("reader@example.org")

    answer: Any = Client().post(confirmation_link())

    assert answer.headers["Location"] == "/accounts/login/?next=/subscription/welcome/"
    assert Subscription.objects.get().is_active


def test_confirming_twice_changes_nothing_more() -> None:
    sign_up("reader@example.org")
    link = confirmation_link()
    Client().post(link)
    confirmed_at = Subscription.objects.get().confirmed_at

    Client().post(link)

    assert Subscription.objects.get().confirmed_at == confirmed_at


def test_a_forged_link_is_said_to_be_no_longer_good(client: Client) -> None:
    assert "This link is no longer good" in client.get("/accounts/confirm-email/forged:x:y/").content.decode()


def test_signing_in_takes_a_mailed_code_and_no_password(client: Client) -> None:
    known("reader@example.org", is_verified=True)
    SubscriptionFactory.create(reader=User.objects.get())

    asked: Any = client.post("/accounts/login/", {"login": "Reader@example.org"})
    code = found(r"^    \S+$")
    answer: Any = client.post("/accounts/login/code/confirm/", {"code": code})

    assert asked.headers["Location"] == "/accounts/login/code/confirm/"
    assert answer.headers["Location"] == "/subscription/"


def test_signing_in_by_code_confirms_an_address_that_waited(client: Client) -> None:
    sign_up("reader@example.org")
    sign_up("reader@example.org")

    client.post("/accounts/login/", {"login": "reader@example.org"})
    client.post("/accounts/login/code/confirm/", {"code": found(r"^    \S+$")})

    assert Subscription.objects.get().is_active


def test_a_wrong_code_opens_nothing(client: Client) -> None:
    known("reader@example.org", is_verified=True)
    client.post("/accounts/login/", {"login": "reader@example.org"})

    page = client.post("/accounts/login/code/confirm/", {"code": "AAAA-AAAA"}).content.decode()

    assert 'class="errorlist"' in page
    assert client.get("/subscription/").status_code == 302


def test_who_mistyped_their_address_begins_anew(client: Client) -> None:
    client.post("/accounts/login/", {"login": "raeder@example.org"})
    assert client.get("/accounts/login/").status_code == 302

    answer: Any = client.post("/accounts/logout/", {"next": "/accounts/login/"})

    assert answer.headers["Location"] == "/accounts/login/"
    assert client.get("/accounts/login/").status_code == 200


def test_asking_for_a_code_answers_the_same_for_an_unknown_address() -> None:
    known("known@example.org", is_verified=True)

    answers: list[Any] = [
        Client().post("/accounts/login/", {"login": address})
        for address in ("known@example.org", "unknown@example.org")
    ]

    assert len({(answer.status_code, answer.headers["Location"]) for answer in answers}) == 1
    assert [message.to for message in mail.outbox] == [["known@example.org"], ["unknown@example.org"]]


def test_signing_in_leads_to_no_other_site(client: Client) -> None:
    known("reader@example.org", is_verified=True)
    client.post(
        "/accounts/login/?next=https://evil.example.com/",
        {"login": "reader@example.org", "next": "https://evil.example.com/"},
    )

    answer: Any = client.post(
        "/accounts/login/code/confirm/", {"code": found(r"^    \S+$"), "next": "//evil.example.com/"}
    )

    assert "evil" not in answer.headers["Location"]


def test_what_was_chosen_before_waits_for_the_address_also_on_another_device() -> None:
    topic = TopicFactory.create(slug="graphs")
    sign_up("reader@example.org", follow="topic:graphs")

    Client().post(confirmation_link())

    subscription = Subscription.objects.get()
    assert subscription.is_active
    assert [follow.topic for follow in subscription.follows.all()] == [topic]


def test_what_a_stranger_chooses_never_reaches_a_known_reader() -> None:
    TopicFactory.create(slug="graphs")
    known("known@example.org", is_verified=True)
    SubscriptionFactory.create(reader=User.objects.get())
    sign_up("waiting@example.org")
    before = list(Follow.objects.values_list("subscription", "kind"))

    answers = [
        sign_up(address, follow="topic:graphs")
        for address in ("new@example.org", "known@example.org", "waiting@example.org")
    ]

    assert {(answer.status_code, answer.headers["Location"], answer.content) for answer in answers} == {
        (302, "/accounts/confirm-email/", b"")
    }
    assert "graphs" not in "".join(str(message.body) for message in mail.outbox).lower()
    theirs = Follow.objects.exclude(subscription__reader__email="new@example.org")
    assert list(theirs.values_list("subscription", "kind")) == before


@pytest.mark.parametrize(
    "follow", ["", "topic:nothing", "-topic:graphs", "(", "x" * 5000, "a\nb", "author:", "<script>alert(1)</script>("]
)
def test_a_choice_that_makes_no_sense_does_not_stop_a_sign_up(follow: str) -> None:
    TopicFactory.create(slug="graphs")

    sign_up("reader@example.org", follow=follow)

    assert [one.kind for one in Subscription.objects.get().follows.all()] == ["trending"]


def test_a_mistyped_address_keeps_the_choice() -> None:
    TopicFactory.create(name="Graph learning", slug="graphs")

    page = sign_up("reader@", follow="topic:graphs").content.decode()

    assert 'name="follow" value="topic:graphs"' in page
    assert "It will follow <strong>Graph learning</strong>" in page


def test_a_code_on_another_device_leads_on_to_choosing(client: Client) -> None:
    client.post("/accounts/signup/", {"email": "reader@example.org"})
    where = "/accounts/login/code/?next=/subscription/welcome/"
    asked: Any = client.post(where, {"email": "reader@example.org", "next": "/subscription/welcome/"})

    answer: Any = client.post(asked.headers["Location"], {"code": found(r"^    \S+$")})

    assert answer.headers["Location"] == "/subscription/welcome/"
    assert Subscription.objects.get().is_active
