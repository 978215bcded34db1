"""After a restore every local day up to now is closed, once, and mail waits for a person."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine

from digest.models import BatchCursor, Delivery, Relay, Subscription, Suppression
from digest.planning import planner
from digest.sending import claims, high_water, relay, restoring
from digest.sending.claims import advance
from tests.digest.claims import claim_of
from tests.factories import NOW, SubscriptionFactory, sent

pytestmark = pytest.mark.django_db


def reader(since: date = date(2026, 11, 22)) -> Subscription:
    """As a backup of that day has it: planned, and not yet mailed."""
    return SubscriptionFactory.create(next_due_on=since, next_due_at=datetime.combine(since, time(8), tzinfo=UTC))


def days(subscription: Subscription) -> dict[date, tuple[str, bool]]:
    return {one.day: (one.state, one.is_uncertain) for one in subscription.deliveries.all()}


def test_what_workers_held_when_the_backup_was_made_is_settled_and_closed() -> None:
    first, second, third, due = (sent(reader(), papers=1) for _ in range(4))
    Delivery.objects.update(state="due")
    Delivery.objects.filter(pk=due.pk).update(due_at=NOW + timedelta(hours=1))
    held = {one.pk: one for one in claims.claim("w" * 32, NOW, 10)}
    assert advance("w" * 32, NOW, begun=held[first.pk]) == "sending"
    assert advance("w" * 32, NOW, settled=(held[first.pk], claims.SENT), begun=held[second.pk]) == "sending"

    done = restoring.restored(NOW)

    for one in (first, second, third, due):
        one.refresh_from_db()
    assert [one.state for one in (first, second, third, due)] == ["sent", "skipped", "skipped", "skipped"]
    assert {one.reason for one in (second, third, due)} == {restoring.OPEN}
    assert done.open_count == 3
    assert BatchCursor.objects.count() == 0
    # It may have left: its papers count as sent.
    assert second.items.count() == 1
    assert claim_of(second).message_id == held[second.pk].message_id


def test_mail_is_paused_and_why_until_somebody_lets_it_go() -> None:
    sent(SubscriptionFactory.create(signed_up_at=NOW - timedelta(days=9)))
    Delivery.objects.update(settled_at=NOW - timedelta(days=2))

    done = restoring.restored(NOW)

    assert not relay.is_open(NOW + timedelta(days=99))
    held = Relay.objects.get()
    assert held.pause_reason == done.pause_reason
    assert "nothing is known from 2026-11-21 12:00 to 2026-11-23 12:00 UTC" in held.pause_reason

    held.is_paused = False
    held.save()
    assert relay.is_open(NOW)
    assert held.pause_reason == ""


def test_once_more_closes_nothing_more_and_still_knows_since_when() -> None:
    held = reader()
    first = restoring.restored(NOW)
    before = list(Delivery.objects.values())

    again = restoring.restored(NOW + timedelta(minutes=30), ["A@example.org ", "a@example.org"])

    assert list(Delivery.objects.values()) == before
    assert (again.pause_reason, again.open_count, again.suppressed_count) == (first.pause_reason, 0, 1)
    held.refresh_from_db()
    assert held.next_due_on == date(2026, 11, 24)
    assert restoring.restored(NOW, ["a@example.org"]).suppressed_count == 0
    assert Suppression.objects.get().reason == restoring.LEFT


def test_the_alarm_that_the_site_gave_is_over_and_every_other_one_stays() -> None:
    relay.alarm(high_water.OLDER, NOW)
    restoring.restored(NOW)
    assert Relay.objects.get().alarm == ""

    relay.alarm("Another one.", NOW)
    restoring.restored(NOW)
    assert Relay.objects.get().alarm == "Another one."


@pytest.mark.parametrize("readers", [1, 40])
def test_closing_days_costs_the_same_queries_however_many_readers(django_assert_num_queries: Any, readers: int) -> None:
    for _ in range(readers):
        reader()
    relay.relay()

    with django_assert_num_queries(30):
        restoring.restored(NOW)


@time_machine.travel(NOW, tick=False)
def test_the_morning_after_is_a_morning_like_any_other() -> None:
    held = reader()
    restoring.restored(NOW)

    assert planner.open_deliveries(datetime(2026, 11, 24, 8, tzinfo=UTC)) == 1
    assert days(held)[date(2026, 11, 24)] == ("due", False)
