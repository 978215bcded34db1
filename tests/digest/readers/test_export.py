"""What the digest hands to a reader, and how it ends when they close their account."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import User
from digest.ledger import folding
from digest.readers import export
from tests.factories import NOW, FollowFactory, SubscriptionFactory, TopicFactory, UserFactory, sent

pytestmark = pytest.mark.django_db


def test_tables_name_what_is_followed(reader: User) -> None:
    topic = TopicFactory.create(name="Graph learning", slug="graphs")
    FollowFactory.create(subscription=reader.subscription, kind="topic", topic=topic, mutes=True)

    held = {name: list(rows) for name, rows in export.tables(reader)}

    assert (held["follows"][0]["topic"], held["follows"][0]["mutes"]) == ("Graph learning", True)
    assert held["follows"][0]["topic_url"].endswith("/topics/graphs/")


def test_somebody_without_a_subscription_has_an_empty_one() -> None:
    held = {name: list(rows) for name, rows in export.tables(UserFactory.create())}

    assert held["subscriptions"] == []


def test_what_was_sent_is_handed_out_whether_it_was_folded_or_not(reader: User, settings: Any) -> None:
    old = sent(reader.subscription, date(2026, 7, 10), papers=3)
    sent(reader.subscription, NOW.date(), papers=2)
    sent(SubscriptionFactory.create(), date(2026, 7, 10))
    before = {name: list(rows) for name, rows in export.tables(reader)}

    folding.fold(NOW)

    after = {name: list(rows) for name, rows in export.tables(reader)}
    assert old.items.count() == 0
    assert after == before
    assert (len(after["delivery_items"]), len(after["deliveries"])) == (5, 2)
    first = after["delivery_items"][0]
    assert (first["delivery"], first["position"]) == (f"{reader.email}, 2026-07-10", 0)
    assert first["delivery_url"] == settings.SITE_URL + old.get_absolute_url()
    assert first["reasons"] == [["topic", "Graphs"], ["topic", "Sound"]]


@pytest.mark.parametrize("days", [1, 40])
def test_what_was_sent_costs_the_same_queries_however_much_it_is(
    reader: User, days: int, django_assert_num_queries: Any
) -> None:
    for number in range(days):
        sent(reader.subscription, date(2026, 7, 1) + timedelta(days=number), papers=2)
    folding.fold(NOW)
    items = dict(export.tables(reader))["delivery_items"]

    with django_assert_num_queries(5):
        assert len(list(items)) == 2 * days


def test_end_takes_the_next_slot_away(reader: User) -> None:
    export.end(reader)

    reader.subscription.refresh_from_db()
    assert (reader.subscription.next_due_at, reader.subscription.is_active) == (None, False)
