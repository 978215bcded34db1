"""When mail comes, and which."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from digest import tokens
from digest.bounces import handling
from digest.models import Delivery, MailEvent, Subscription, Suppression
from tests.factories import NOW, DeliveryFactory, FollowFactory, PaperFactory, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def form(**fields: Any) -> dict[str, Any]:
    return {
        "rhythm": "weekdays", "send_at": "06:15", "time_zone": "Asia/Tokyo", "cap": "7", "on_quiet_days": "note",
    } | fields  # fmt: skip


def fresh(subscription: Subscription) -> Subscription:
    return Subscription.objects.select_related("reader").get(pk=subscription.pk)


def said(client: Client) -> str:
    return client.get("/subscription/schedule/").content.decode()


def test_schedule_keeps_what_is_chosen(reader_client: Client, subscription: Subscription) -> None:
    answer = reader_client.post("/subscription/schedule/", form())

    held = fresh(subscription)
    assert answer.headers["Location"] == "/subscription/schedule/"
    assert (held.send_at, held.time_zone, held.cap) == (time(6, 15), "Asia/Tokyo", 7)
    assert (held.weekdays, held.on_quiet_days) == (0b11111, "note")
    assert held.next_due_on == date(2026, 11, 24)


def test_schedule_says_in_words_when_the_next_three_mails_come(
    reader_client: Client, subscription: Subscription
) -> None:
    reader_client.post("/subscription/schedule/", form(rhythm="weekly", weekly_on="4", send_at="07:45"))

    page = said(reader_client)

    assert "Friday, 27 November at 07:45</strong>" in page
    assert "Then on Friday, 4 December at 07:45, and on Friday, 11 December at 07:45" in page
    assert "The clock is that of Asia/Tokyo" in page


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"rhythm": "days"}, "Choose at least one day"),
        ({"rhythm": "weekly", "weekly_on": ""}, "Choose the day"),
        ({"rhythm": "hourly"}, "Select a valid choice"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"cap": "0"}, "greater than or equal to 1"),
        ({"cap": "31"}, "less than or equal to 30"),
        ({"send_at": "25:00"}, "Type an hour and minutes"),
        ({"on_quiet_days": "fireworks"}, "Select a valid choice"),
    ],
)
def test_schedule_says_what_is_wrong_keeps_what_was_typed_and_changes_nothing(
    reader_client: Client, subscription: Subscription, fields: dict[str, Any], says: str
) -> None:
    answer = reader_client.post("/subscription/schedule/", form(**fields))

    page = answer.content.decode()
    assert answer.status_code == 400
    assert says in page
    assert "Tuesday, 24 November at 08:00" in page
    assert fields.get("cap", "7") == "7" or f'value="{fields["cap"]}"' in page
    assert fresh(subscription).time_zone == "UTC"


def test_a_post_without_anything_is_no_schedule(reader_client: Client, subscription: Subscription) -> None:
    assert reader_client.post("/subscription/schedule/").status_code == 400


def test_a_new_hour_gives_no_second_digest_to_a_day(reader_client: Client, subscription: Subscription) -> None:
    sent(subscription)

    reader_client.post("/subscription/schedule/", form(time_zone="UTC", send_at="18:00"))

    assert fresh(subscription).next_due_on == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("fields", "until"),
    [({"until": "2026-12-24"}, date(2026, 12, 24)), ({"for": "week", "until": ""}, date(2026, 11, 30))],
)
def test_a_pause_moves_the_next_mail_to_its_end_and_can_be_ended(
    reader_client: Client, subscription: Subscription, fields: dict[str, str], until: date
) -> None:
    reader_client.post("/subscription/pause/", fields)

    held = fresh(subscription)
    assert (held.paused_until, held.next_due_on) == (until, until)
    assert f"Paused until {until:%A}" in said(reader_client)

    reader_client.post("/subscription/pause/", {"end": "on"})
    held = fresh(subscription)
    assert (held.paused_until, held.next_due_on) == (None, date(2026, 11, 24))


def test_a_pause_into_the_past_is_refused_on_the_page(reader_client: Client, subscription: Subscription) -> None:
    answer = reader_client.post("/subscription/pause/", {"until": "2026-11-20"})

    assert answer.status_code == 400
    assert "Choose a day after today." in answer.content.decode()
    assert fresh(subscription).paused_until is None


def test_switches_turn_each_kind_of_mail_on_and_off(reader_client: Client, subscription: Subscription) -> None:
    reader_client.post("/subscription/mail/", {"news": "on"})

    held = fresh(subscription)
    assert (held.is_active, held.wants_news, held.reader.wants_security_mail) == (False, True, False)
    assert [message.subject for message in mail.outbox] == ["Your account at Papersite was changed"]

    reader_client.post("/subscription/mail/", {"digest": "on", "security": "on"})
    held = fresh(subscription)
    assert (held.is_active, held.wants_news, held.reader.wants_security_mail) == (True, False, True)
    assert len(mail.outbox) == 1


def test_one_now_is_todays_where_that_is_not_out_yet(reader_client: Client, subscription: Subscription) -> None:
    FollowFactory.create(subscription=subscription)
    PaperFactory.create()

    answers = [reader_client.post("/subscription/now/") for _ in range(2)]

    found = list(Delivery.objects.values_list("day", "extra", "state"))
    assert [answer.headers["Location"] for answer in answers] == ["/subscription/schedule/"] * 2
    assert found == [(NOW.date(), 0, "sent")]
    assert len(mail.outbox) == 1
    page = said(reader_client)
    assert "It is on its way to you." in page
    assert "One an hour at most: ask again at 13:00." in page


def test_one_now_says_on_the_page_that_there_is_nothing(reader_client: Client, subscription: Subscription) -> None:
    digest = sent(subscription)
    Delivery.objects.filter(pk=digest.pk).update(assembled_at=NOW - timedelta(hours=4))

    reader_client.post("/subscription/now/")

    assert "Nothing new matches what you follow since your mail of 23 November, 08:00." in said(reader_client)
    assert Delivery.objects.count() == 1


def suppress(subscription: Subscription, kind: str, said: str = "550 no such user") -> None:
    handling.keep("event", "smtp", kind, subscription.reader.email, NOW, said=said)
    handling.apply_new(NOW)


def test_a_bounced_reader_sees_why_and_has_the_address_tried_again_once_in_a_week(
    reader_client: Client, subscription: Subscription
) -> None:
    suppress(subscription, "hard")
    page = said(reader_client)
    assert "Since 23 November 2026 no mail goes to reader@example.org. The address does not exist any more." in page
    assert "550 no such user" in page

    reader_client.post("/subscription/address/")

    assert not Suppression.objects.exists()
    assert MailEvent.objects.filter(kind="lifted").count() == 1

    Suppression.objects.create(
        address_hash=tokens.address_hash("reader@example.org"), reason="The address does not exist any more."
    )
    assert "once more from Monday, 30 November on" in said(reader_client)
    reader_client.post("/subscription/address/")
    assert Suppression.objects.exists()


def test_a_complaint_takes_an_explicit_word_which_is_kept_as_consent(
    reader_client: Client, subscription: Subscription
) -> None:
    delivery = DeliveryFactory.create(subscription=subscription, state="sent")
    handling.keep("event", "esp", "complaint", subscription.reader.email, NOW, delivery_id=delivery.pk)
    handling.apply_new(NOW)
    assert not fresh(subscription).is_active

    reader_client.post("/subscription/address/")
    assert Suppression.objects.exists()
    assert "I want it again" in said(reader_client)

    reader_client.post("/subscription/address/", {"wanted_again": "on"})
    held = fresh(subscription)
    assert not Suppression.objects.exists()
    assert (held.is_active, held.consent, held.signed_up_at) == (True, handling.WANTED_AGAIN, NOW)


def test_what_a_curator_stopped_a_reader_does_not_let_go(reader_client: Client, subscription: Subscription) -> None:
    Suppression.objects.create(address_hash=tokens.address_hash("reader@example.org"), reason="Asked by letter.")

    reader_client.post("/subscription/address/", {"wanted_again": "on"})

    assert Suppression.objects.exists()
    assert "only they can let it go again" in said(reader_client)


@pytest.mark.parametrize("rows", [1, 30])
def test_schedule_costs_the_same_queries_for_one_delivery_and_for_thirty(
    reader_client: Client, subscription: Subscription, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        sent(subscription, NOW.date() - timedelta(days=number))

    with django_assert_num_queries(5):
        reader_client.get("/subscription/schedule/")


@pytest.mark.parametrize("name", ["pause", "mail", "now", "address", "less"])
def test_a_form_sent_after_the_session_ended_leads_to_the_sign_in(client: Client, name: str) -> None:
    assert client.post(f"/subscription/{name}/").headers["Location"] == "/accounts/login/"


def test_the_hour_kept_for_today_is_told(reader_client: Client, subscription: Subscription) -> None:
    Subscription.objects.update(next_due_on=NOW.date(), next_due_at=datetime.fromisoformat("2026-11-23T18:00Z"))

    reader_client.post("/subscription/schedule/", form(time_zone="UTC", send_at="07:00"))

    page = said(reader_client)
    assert "Monday, 23 November at 18:00</strong>" in page
    assert "Then on Tuesday, 24 November at 07:00" in page
