"""The drain: what is due leaves, once, and whatever happens is written down."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core import mail
from django.db import InterfaceError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts import closing
from accounts.models import User
from digest import tokens
from digest.database import bulk
from digest.models import BatchCursor, Delivery, Handover, Relay, Subscription, Suppression
from digest.sending import claims, contents
from digest.sending import drain as draining
from digest.sending.drain import drain_due
from digest.sending.transports import BackendTransport
from tests.digest.sending.due import clock, due, fresh
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_drain_sends_settles_and_remembers(papers: list[Any]) -> None:
    one = due()

    drained = drain_due(clock)

    settled = fresh(one)
    assert str(drained) == "sent=1"
    assert (settled.state, settled.assembled_at, settled.settled_at) == ("sent", NOW, NOW)
    assert [item.paper_id for item in settled.items.all()] == [paper.pk for paper in reversed(papers)]
    assert [message.to for message in mail.outbox] == [["reader@example.org"]]
    assert settled.subject == mail.outbox[0].subject


def test_drain_of_nothing_sends_nothing() -> None:
    assert str(drain_due(clock)) == "nothing due"


def test_drain_a_second_time_sends_nothing_more(papers: list[Any]) -> None:
    due()
    drain_due(clock)

    drain_due(clock)

    assert len(mail.outbox) == 1


def test_drain_says_why_a_digest_is_empty() -> None:
    one = due()

    drain_due(clock)

    assert (fresh(one).state, fresh(one).reason) == ("empty", "Nothing new was announced since your last digest.")
    assert mail.outbox == []


def test_drain_keeps_the_papers_that_an_earlier_attempt_saved(papers: list[Any]) -> None:
    one = due()
    one.items.create(subscription=one.subscription, paper=papers[0], position=0)
    Delivery.objects.update(assembled_at=NOW - timedelta(minutes=5))

    drain_due(clock)

    assert [item.paper_id for item in fresh(one).items.all()] == [papers[0].pk]
    assert fresh(one).assembled_at == NOW - timedelta(minutes=5)


def test_drain_works_through_more_than_one_batch(papers: list[Any], settings: Settings) -> None:
    settings.DIGEST_BATCH = 2
    for number in range(5):
        due(f"reader{number}@example.org")

    drain_due(clock)

    assert sorted(message.to[0] for message in mail.outbox) == [f"reader{number}@example.org" for number in range(5)]


def test_drain_stops_between_two_mails_and_gives_back_the_rest(papers: list[Any]) -> None:
    for number in range(3):
        due(f"reader{number}@example.org")

    drained = drain_due(clock, is_stopping=lambda: len(mail.outbox) >= 1)

    assert str(drained) == "sent=1"
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["due", "due", "sent"]


def test_drain_makes_nothing_for_readers_who_are_not_welcome(papers: list[Any]) -> None:
    left = due("left@example.org", ended_at=NOW, next_due_on=None, next_due_at=None)
    paused = due("paused@example.org", paused_until=NOW.date() + timedelta(days=2))
    suppressed = due("suppressed@example.org")
    Suppression.objects.create(address_hash=tokens.address_hash("suppressed@example.org"), reason="complained")
    fine = due("fine@example.org")

    drained = drain_due(clock)

    assert drained.counts == {"skipped": 3, "sent": 1}
    assert [fresh(one).state for one in (left, paused, suppressed, fine)] == ["skipped"] * 3 + ["sent"]
    assert fresh(suppressed).reason == "Mail to this address bounced or was refused."
    assert [message.to for message in mail.outbox] == [["fine@example.org"]]


def test_drain_counts_the_mails_that_left(papers: list[Any]) -> None:
    due()
    due("other@example.org")

    drain_due(clock)

    assert list(Handover.objects.values_list("day", "mail_count")) == [(NOW.date(), 2)]


@pytest.mark.parametrize(
    "stop",
    [{"is_paused": True}, {"alarm": "Something is wrong."}, {"down_until": NOW + timedelta(minutes=1)}],
    ids=lambda stop: next(iter(stop)),
)
def test_drain_claims_nothing_while_no_mail_may_leave(papers: list[Any], stop: dict[str, Any]) -> None:
    one = due()
    Relay.objects.create(pk=1, **stop)

    drain_due(clock)

    assert (fresh(one).state, mail.outbox) == ("due", [])


def test_drain_stops_at_once_when_somebody_pauses_mail(papers: list[Any]) -> None:
    for number in range(3):
        due(f"reader{number}@example.org")

    def pause_after_the_first() -> bool:
        if len(mail.outbox) == 1:
            Relay.objects.update_or_create(pk=1, defaults={"is_paused": True})
        return False

    drained = drain_due(clock, is_stopping=pause_after_the_first)

    assert drained.counts["sent"] == 1
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["due", "due", "sent"]


def test_drain_sends_to_the_address_that_a_reader_has_now(papers: list[Any]) -> None:
    first, second = due("first@example.org"), due("second@example.org")

    def move_after_the_first() -> bool:
        if len(mail.outbox) == 1:
            User.objects.filter(email="second@example.org").update(email="moved@example.org")
        return False

    drain_due(clock, is_stopping=move_after_the_first)

    assert [message.to[0] for message in mail.outbox] == ["first@example.org", "moved@example.org"]
    assert [fresh(one).state for one in (first, second)] == ["sent", "sent"]


def test_drain_mails_nobody_whose_account_was_closed_since_the_claim(papers: list[Any]) -> None:
    first, closed, last = due("first@example.org"), due("closed@example.org"), due("last@example.org")

    def close_after_the_first() -> bool:
        if len(mail.outbox) == 1:
            for user in User.objects.filter(email="closed@example.org"):
                closing.close(user)
        return False

    drained = drain_due(clock, is_stopping=close_after_the_first)

    assert drained.counts == {"sent": 2, "lost": 1}
    assert [message.to[0] for message in mail.outbox] == ["first@example.org", "last@example.org"]
    assert [fresh(one).state for one in (first, last)] == ["sent", "sent"]
    assert not Delivery.objects.filter(pk=closed.pk).exists()


@pytest.mark.parametrize(("module", "step"), [(claims, "ineligible"), (contents, "choose_for"), (bulk, "add_items")])
def test_drain_goes_on_when_an_account_is_closed_at_any_step_before_its_mail(
    papers: list[Any], monkeypatch: pytest.MonkeyPatch, module: Any, step: str
) -> None:
    due("first@example.org"), due("closed@example.org"), due("last@example.org")
    function = getattr(module, step)

    def close_first(*arguments: Any) -> Any:
        for user in User.objects.filter(email="closed@example.org"):
            closing.close(user)
        return function(*arguments)

    monkeypatch.setattr(module, step, close_first)
    drain_due(clock)

    assert [message.to[0] for message in mail.outbox] == ["first@example.org", "last@example.org"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert not BatchCursor.objects.exists()


def test_drain_settles_what_was_accepted_while_a_batch_lasts(
    papers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "SETTLE_AFTER", -1)
    found = []

    def look() -> bool:
        found.append(Delivery.objects.filter(state="sent").count())
        return False

    for number in range(3):
        due(f"reader{number}@example.org")
    drain_due(clock, is_stopping=look)

    assert found == [0, 0, 0, 1, 3]
    assert not BatchCursor.objects.exists()


@pytest.mark.parametrize("error", [SystemExit(), SoftTimeLimitExceeded(), KeyboardInterrupt(), InterfaceError()])
def test_drain_leaves_in_hand_the_mail_in_which_it_is_stopped(
    papers: list[Any], monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    sent, broken, waiting = (due(f"reader{number}@example.org") for number in range(3))
    send: Callable[..., Any] = BackendTransport.send

    def break_one(self: Any, message: Any, *arguments: Any) -> Any:
        if message.claim.pk == broken.pk:
            raise error
        return send(self, message, *arguments)

    monkeypatch.setattr(BackendTransport, "send", break_one)
    with pytest.raises(type(error)):
        drain_due(clock)

    assert [fresh(one).state for one in (sent, broken, waiting)] == ["sent", "claimed", "due"]
    assert claims.sweep(NOW + timedelta(minutes=10)) == (0, 1)
    assert fresh(broken).is_uncertain


def test_drain_sounds_the_alarm_when_a_reader_gets_two_mails_for_a_day(papers: list[Any]) -> None:
    one, in_hand, other = due(), due("next@example.org"), due("other@example.org")
    Delivery.objects.filter(pk=one.pk).update(accepted_count=1)

    drain_due(clock)

    assert Relay.objects.get().alarm == f"Delivery {one.pk} was accepted by the mail server more than once."
    # The alarm comes with the statement that lets the next mail go.
    assert [fresh(one).state for one in (in_hand, other)] == ["sent", "due"]


def queries_of_a_drain(readers: int) -> int:
    """Queries of a batch until the first mail leaves, which is all that could grow by the reader."""
    for number in range(readers):
        due(f"reader{number}-of-{readers}@example.org")
    with CaptureQueriesContext(connection) as queries:
        drain_due(clock)
    return len(queries)


def test_drain_costs_a_fixed_number_of_queries_a_batch_and_a_mail(
    papers: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    Subscription.objects.all().delete()
    monkeypatch.setattr(draining, "SETTLE_AFTER", 60)
    queries_of_a_drain(1)

    # The one statement of a mail goes past Django, and is not seen here.
    assert queries_of_a_drain(30) == queries_of_a_drain(2)
