"""Notes on quiet days: as safe as a digest, and no slower."""

from datetime import datetime, timedelta
from email import policy
from typing import Any
from uuid import UUID

import pytest
from django.core import mail

from digest import tokens
from digest.choosing.assembly import NOTHING_MATCHED, QUIET
from digest.composing import quiet_day
from digest.models import Delivery
from digest.planning.planner import open_deliveries
from digest.sending.claims import advance, claim, sweep
from digest.sending.drain import Run, drain_due, prepare
from digest.types import Claim, Note
from tests.costs import least_seconds
from tests.factories import NOW, DeliveryFactory, FollowFactory, PaperFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db


def clock() -> datetime:
    return NOW


def due(address: str = "reader@example.org", **fields: Any) -> Delivery:
    subscription = SubscriptionFactory.create(reader__email=address, on_quiet_days="note", **fields)
    FollowFactory.create(subscription=subscription)
    return DeliveryFactory.create(subscription=subscription)


def note(reason: str = QUIET["weekend"], *, number: int = 7, address: str = "reader@example.org") -> Claim:
    key = UUID(int=number)
    token, message_id = tokens.make(number, key), tokens.message_id(number, NOW.date(), key)
    one = Claim(number, NOW.date(), 1, NOW, address, 10, assembled_at=NOW, token=token, message_id=message_id)
    one.note = Note(reason, datetime(2026, 11, 24, 7, 45))
    return one


def test_a_reader_who_asked_for_it_gets_a_note_that_says_why_and_when_the_next_comes() -> None:
    one = due()

    assert str(drain_due(clock)) == "sent=1"

    one.refresh_from_db()
    assert (one.state, one.items.count(), one.accepted_count) == ("sent", 0, 1)
    assert one.reason == "Nothing new was announced since your last digest."
    assert one.subject == mail.outbox[0].subject == "No new papers for Monday, 23 November"
    body = str(mail.outbox[0].body)
    assert one.reason in body
    assert "Your next mail is due on Tuesday, 24 November, at 08:00." in body


def test_a_note_carries_the_headers_of_a_digest() -> None:
    one = due()

    drain_due(clock)

    headers = mail.outbox[0].extra_headers
    assert headers["Message-ID"] == one.message_id
    assert f"/d/{one.token}/unsubscribe/" in headers["List-Unsubscribe"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_reader_who_did_not_ask_gets_none() -> None:
    one = due()
    other = DeliveryFactory.create(subscription=SubscriptionFactory.create(reader__email="other@example.org"))

    assert str(drain_due(clock)) == "empty=1 sent=1"

    other.refresh_from_db()
    assert (other.state, [message.to for message in mail.outbox]) == ("empty", [[one.subscription.reader.email]])


def test_a_day_with_papers_brings_them_and_no_note() -> None:
    PaperFactory.create()
    one = due()

    drain_due(clock)

    one.refresh_from_db()
    assert (one.items.count(), one.reason) == (1, "")


def test_a_note_whose_worker_vanished_is_sent_again_as_the_same_mail_even_if_papers_came_meanwhile() -> None:
    due()
    (claimed,) = claim("a" * 32, NOW, 10)
    run = Run(clock, lambda: False, worker="a" * 32)
    (first,) = list(prepare(run, [claimed], as_bytes=True))
    advance("a" * 32, NOW, begun=claimed)
    PaperFactory.create()
    later = NOW + timedelta(minutes=10)
    assert sweep(later) == (0, 1)

    (again,) = claim("b" * 32, later, 10)
    (second,) = list(prepare(Run(lambda: later, lambda: False, worker="b" * 32), [again], as_bytes=True))

    assert first.as_bytes() == second.as_bytes()


def test_a_reader_who_left_meanwhile_gets_no_note() -> None:
    one = due(paused_until=NOW.date() + timedelta(days=3))

    assert str(drain_due(clock)) == "skipped=1"

    one.refresh_from_db()
    assert (one.state, mail.outbox) == ("skipped", [])


def test_a_note_is_no_digest_to_reckon_from() -> None:
    """A paper that was announced before the note, and came to be known as one for this reader after it."""
    one = due()
    drain_due(clock)
    PaperFactory.create(announced_at=NOW - timedelta(hours=1))
    tomorrow = NOW + timedelta(days=1)

    open_deliveries(tomorrow)
    drain_due(lambda: tomorrow)

    assert one.subscription.deliveries.filter(items__isnull=False).count() == 1


@pytest.mark.parametrize("reason", [QUIET["weekend"], QUIET["holiday"], NOTHING_MATCHED, "Café & <b>"])
@pytest.mark.parametrize("address", ["reader@example.org", f"{'long' * 15}@{'example' * 8}.org"])
@pytest.mark.parametrize("number", [7, 1234567])
def test_a_printed_note_is_the_same_bytes_as_the_slow_way_makes(reason: str, address: str, number: int) -> None:
    notes = quiet_day.NoteRenderer()
    notes.mail(note(reason, number=99))
    slow = note(reason, number=number, address=address)

    printed = notes.mail(note(reason, number=number, address=address))

    assert printed == quiet_day.compose(slow).message(policy=policy.SMTP).as_bytes()


def test_a_thousand_notes_are_printed_within_half_a_second() -> None:
    """About 0.03 s on an idle machine; the slow way takes some seconds."""
    notes = quiet_day.NoteRenderer()
    notes.mail(note())

    assert least_seconds(lambda: [notes.mail(note(number=number + 1)) for number in range(1000)], enough=0.5) < 0.5
