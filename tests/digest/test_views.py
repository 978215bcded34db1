"""A reader's pages, the archive, and what the links of a mail lead to."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from digest import tokens
from digest.models import Delivery, Follow, Subscription
from tests.factories import (
    NOW,
    AuthorFactory,
    DeliveryFactory,
    EditionFactory,
    FollowFactory,
    PaperFactory,
    PickFactory,
    SubscriptionFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def form(**fields: Any) -> dict[str, Any]:
    return {
        "trending": "on", "days": ["0", "1", "2", "3", "4"], "send_at": "06:00", "time_zone": "Asia/Tokyo", "cap": "7",
    } | fields  # fmt: skip


def sent(subscription: Subscription, day: date = date(2026, 11, 23), papers: int = 1) -> Delivery:
    delivery = DeliveryFactory.create(subscription=subscription, day=day, state="sent", subject="A digest")
    for position in range(papers):
        paper = PaperFactory.create()
        delivery.items.create(
            subscription=subscription, paper=paper, position=position, reasons=[["topic", "Graphs"], ["topic", "Sound"]]
        )
    return delivery


@pytest.mark.parametrize("rows", [1, 30])
def test_subscription_costs_the_same_queries_for_one_row_and_for_thirty(
    reader_client: Client, subscription: Subscription, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        sent(subscription, NOW.date() - timedelta(days=number), papers=2)
        FollowFactory.create(subscription=subscription, kind="topic", topic=TopicFactory.create())
        FollowFactory.create(subscription=subscription, kind="author", author=AuthorFactory.create())

    with django_assert_num_queries(12):
        page = reader_client.get("/subscription/").content.decode()

    assert page.count(">A digest</a>") == rows


def test_subscription_says_why_a_day_brought_nothing(reader_client: Client, subscription: Subscription) -> None:
    DeliveryFactory.create(subscription=subscription, state="empty", reason="Nothing new matched what you follow.")
    DeliveryFactory.create(state="empty", reason="Somebody else's reason.")

    page = reader_client.get("/subscription/").content.decode()

    assert "Nothing to send: Nothing new matched what you follow." in page
    assert "Somebody else" not in page


def test_subscription_keeps_what_is_chosen(reader_client: Client, subscription: Subscription) -> None:
    topic = TopicFactory.create()

    answer = reader_client.post("/subscription/", form(topics=[topic.pk], paused_until="2999-01-01"))

    subscription.refresh_from_db()
    assert answer.headers["Location"] == "/subscription/"
    assert (subscription.send_at.hour, subscription.time_zone, subscription.cap) == (6, "Asia/Tokyo", 7)
    assert (subscription.weekdays, subscription.paused_until) == (0b11111, date(2999, 1, 1))
    assert subscription.next_due_on == date(2999, 1, 1)
    assert sorted(follow.kind for follow in subscription.follows.all()) == ["topic", "trending"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"trending": ""}, "Choose at least one topic, or trending overall"),
        ({"days": []}, "Choose at least one day"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"cap": "0"}, "greater than or equal to 1"),
        ({"cap": "31"}, "less than or equal to 30"),
        ({"send_at": "25:00"}, "Select a valid choice"),
        ({"topics": ["999999"]}, "Select a valid choice"),
    ],
)
def test_subscription_says_what_is_wrong_and_changes_nothing(
    reader_client: Client, subscription: Subscription, fields: dict[str, Any], says: str
) -> None:
    answer = reader_client.post("/subscription/", {key: value for key, value in form(**fields).items() if value != ""})

    before = subscription.time_zone
    subscription.refresh_from_db()
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert subscription.time_zone == before


def test_a_new_hour_gives_no_second_digest_to_a_day(reader_client: Client, subscription: Subscription) -> None:
    from django.utils import timezone

    today = timezone.now().date()
    sent(subscription, today + timedelta(days=1))

    reader_client.post("/subscription/", form(time_zone="UTC", days=list("0123456")))

    subscription.refresh_from_db()
    assert subscription.next_due_on == today + timedelta(days=2)


def test_follow_and_mute_a_search_and_remove_it(reader_client: Client, subscription: Subscription) -> None:
    reader_client.post("/subscription/follows/", {"search": "graph networks"})
    reader_client.post("/subscription/follows/", {"search": "graph networks", "mutes": "on"})

    follow = subscription.follows.get()
    assert (follow.kind, follow.search, follow.mutes) == ("search", "graph networks", True)

    reader_client.post(f"/subscription/follows/{follow.pk}/remove/")

    assert subscription.follows.count() == 0


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Type what to follow"),
        ({"search": "(graph"}, "An opening bracket has no closing one."),
        ({"search": "after:tomorrow"}, "is not a day"),
        ({"author": "999999"}, "This topic or author is not here any more."),
    ],
)
def test_follow_says_what_is_wrong(reader_client: Client, subscription: Subscription, fields: Any, says: str) -> None:
    answer = reader_client.post("/subscription/follows/", fields)

    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert subscription.follows.count() == 0


def test_nobody_touches_somebody_elses_follow(reader_client: Client, subscription: Subscription) -> None:
    theirs = FollowFactory.create()

    reader_client.post(f"/subscription/follows/{theirs.pk}/remove/")

    assert Follow.objects.filter(pk=theirs.pk).exists()


def test_an_account_without_subscription_is_offered_one() -> None:
    client = Client()
    client.force_login(UserFactory.create(), backend="django.contrib.auth.backends.ModelBackend")

    assert "Start your daily digest" in client.get("/subscription/").content.decode()
    client.post("/subscription/start/", {"time_zone": "Europe/Berlin"})

    made = Subscription.objects.get()
    assert (made.is_active, made.time_zone) == (True, "Europe/Berlin")


def test_end_and_resume_keep_the_follows(reader_client: Client, subscription: Subscription) -> None:
    FollowFactory.create(subscription=subscription)
    waiting = DeliveryFactory.create(subscription=subscription)

    reader_client.post("/subscription/end/")
    subscription.refresh_from_db()
    waiting.refresh_from_db()
    assert (subscription.is_active, subscription.next_due_at) == (False, None)
    assert (waiting.state, waiting.reason) == ("skipped", "You unsubscribed.")

    reader_client.post("/subscription/resume/")
    subscription.refresh_from_db()
    assert subscription.is_active
    assert subscription.next_due_at is not None
    assert subscription.follows.count() == 1


@pytest.mark.parametrize("rows", [1, 30])
def test_delivery_on_the_web_costs_the_same_queries(client: Client, django_assert_num_queries: Any, rows: int) -> None:
    delivery = sent(SubscriptionFactory.create(), papers=rows)

    with django_assert_num_queries(6):
        page = client.get(delivery.get_absolute_url()).content.decode()

    assert page.count('class="card"') == rows
    assert page.count("You follow Graphs · Sound") == rows


def test_delivery_stays_readable_after_leaving(client: Client) -> None:
    delivery = sent(SubscriptionFactory.create(ended_at=NOW, next_due_on=None, next_due_at=None))

    assert "A digest" in client.get(delivery.get_absolute_url()).content.decode()


@pytest.mark.parametrize("page", ["", "unsubscribe/", "resubscribe/"])
@pytest.mark.parametrize("token", ["1", "1.forged", "x" * 300, "999999"])
def test_a_token_that_is_none_of_ours_opens_nothing(client: Client, page: str, token: str) -> None:
    delivery = sent(SubscriptionFactory.create())
    token = tokens.make(999_999) if token == "999999" else token

    answer = client.post(f"/d/{token}/{page}") if page else client.get(f"/d/{token}/")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    delivery.subscription.refresh_from_db()
    assert delivery.subscription.is_active


@pytest.mark.parametrize("method", ["get", "head"])
def test_unsubscribe_by_a_scanner_changes_nothing(client: Client, method: str) -> None:
    delivery = sent(SubscriptionFactory.create())

    answer = getattr(client, method)(f"/d/{delivery.token}/unsubscribe/")

    delivery.subscription.refresh_from_db()
    assert answer.status_code == 200
    assert delivery.subscription.is_active


def test_unsubscribe_by_one_post_needs_no_cookie_and_does_not_redirect() -> None:
    delivery = sent(SubscriptionFactory.create())
    client = Client(enforce_csrf_checks=True)

    answers = [client.post(f"/d/{delivery.token}/unsubscribe/", {"List-Unsubscribe": "One-Click"}) for _ in range(2)]

    delivery.subscription.refresh_from_db()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "You are unsubscribed" in answers[0].content.decode()
    assert delivery.subscription.ended_at is not None


def test_resubscribe_is_one_click_back(client: Client) -> None:
    delivery = sent(SubscriptionFactory.create(ended_at=NOW, next_due_on=None, next_due_at=None))

    page = client.post(f"/d/{delivery.token}/resubscribe/").content.decode()

    delivery.subscription.refresh_from_db()
    assert "Welcome back" in page
    assert delivery.subscription.is_active


@pytest.mark.parametrize("rows", [1, 30])
def test_archive_costs_the_same_queries_for_one_day_and_for_thirty(
    client: Client, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        PaperFactory.create(announced_at=NOW - timedelta(days=number))
        EditionFactory.create(day=NOW.date() - timedelta(days=number), intro="Worth a look.")

    with django_assert_num_queries(3):
        page = client.get("/archive/").content.decode()

    assert page.count("Worth a look.") == rows
    assert page.count("1 paper announced") == rows


@pytest.mark.parametrize("rows", [1, 20])
def test_edition_costs_the_same_queries_and_hides_what_is_hidden(
    client: Client, django_assert_num_queries: Any, rows: int
) -> None:
    edition = EditionFactory.create(intro="Worth a look.")
    PickFactory.create_batch(rows, edition=edition, note="Picked.")
    PickFactory.create(edition=edition, note="Hidden pick.", paper__is_hidden=True)
    PaperFactory.create_batch(rows)
    PaperFactory.create(title="A hidden paper", is_hidden=True)

    with django_assert_num_queries(8):
        page = client.get("/archive/2026-11-23/").content.decode()

    assert (page.count("Picked.<"), page.count('class="card"')) == (rows, 2 * rows)
    assert "idden" not in page


@pytest.mark.parametrize("name", ["start", "end", "resume", "follows"])
def test_a_form_sent_after_the_session_ended_leads_to_the_sign_in_and_then_to_the_page(
    client: Client, name: str
) -> None:
    assert client.post(f"/subscription/{name}/").headers["Location"] == "/accounts/login/"
