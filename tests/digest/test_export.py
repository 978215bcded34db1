"""What the digest hands to a reader, and how it ends when they close their account."""

import pytest

from accounts.models import User
from digest import export
from tests.factories import FollowFactory, TopicFactory, UserFactory

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


def test_end_takes_the_next_slot_away(reader: User) -> None:
    export.end(reader)

    reader.subscription.refresh_from_db()
    assert (reader.subscription.next_due_at, reader.subscription.is_active) == (None, False)
