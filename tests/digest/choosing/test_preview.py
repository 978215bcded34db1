"""A digest that has not left yet is the one that would."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from digest.choosing import preview
from digest.choosing.rankings import Rankings
from digest.models import Delivery, DeliveryItem, Subscription
from digest.sending import contents
from tests.digest.claims import claim_of
from tests.factories import (
    NOW,
    AuthorFactory,
    DeliveryFactory,
    EditionFactory,
    FollowFactory,
    PaperFactory,
    PickFactory,
    TopicFactory,
    sent,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def furnish(subscription: Subscription, topics: int = 3) -> None:
    """Follows of every kind, with papers for them, a mute, a pick and what was sent before."""
    author, dull = AuthorFactory.create(), TopicFactory.create()
    for _ in range(topics):
        topic = TopicFactory.create()
        FollowFactory.create(subscription=subscription, kind="topic", topic=topic)
        PaperFactory.create_batch(2, in_topics=[topic])
        PaperFactory.create(in_topics=[topic, dull], hf_upvotes=1000)
    FollowFactory.create(subscription=subscription, kind="author", author=author)
    FollowFactory.create(subscription=subscription, kind="search", search="wonderful")
    FollowFactory.create(subscription=subscription, kind="topic", topic=dull, mutes=True)
    PaperFactory.create(by=[author], hf_upvotes=5)
    PaperFactory.create(title="A wonderful thing", hf_upvotes=7)
    PickFactory.create(edition=EditionFactory.create(day=subscription.next_due_on), note="Read it.")


def test_preview_is_what_the_engine_then_chooses(subscription: Subscription) -> None:
    furnish(subscription)
    sent(subscription, papers=2)
    PaperFactory.create(title="Another wonderful thing", announced_at=NOW + timedelta(hours=1))
    now = NOW + timedelta(hours=2)
    Delivery.objects.update(assembled_at=NOW)

    seen = preview.of(subscription, now)
    claim = claim_of(DeliveryFactory.create(subscription=subscription, day=subscription.next_due_on))
    chosen, _ = contents.choose_for("worker", [claim], Rankings(read_at=now), now)

    assert len(seen.choices) > 5
    assert [choice for _, choice in seen.choices] == chosen[claim.pk]
    assert (seen.why_empty, seen.why_none, seen.due_at) == ("", "", subscription.next_due_at)


def test_preview_writes_nothing(subscription: Subscription) -> None:
    furnish(subscription)

    preview.of(subscription, NOW)

    assert (Delivery.objects.count(), DeliveryItem.objects.count()) == (0, 0)


def test_preview_costs_the_same_queries_for_three_topics_and_for_thirty(
    subscription: Subscription, django_assert_max_num_queries: Any
) -> None:
    counted = []
    for topics in (3, 27):
        furnish(subscription, topics) if topics == 3 else [
            FollowFactory.create(subscription=subscription, kind="topic", topic=TopicFactory.create())
            for _ in range(topics)
        ]
        with django_assert_max_num_queries(40) as queries:
            preview.of(subscription, NOW)
        counted.append(len(queries))

    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    ("change", "why_none", "why_empty"),
    [
        ({}, "", "You follow nothing yet."),
        ({"confirmed_at": None}, "Your address is not confirmed.", "You follow nothing yet."),
        ({"ended_at": NOW}, "You unsubscribed.", "You follow nothing yet."),
    ],
)
def test_preview_says_why_nothing_comes(
    subscription: Subscription, change: dict[str, Any], why_none: str, why_empty: str
) -> None:
    for name, value in change.items():
        setattr(subscription, name, value)

    seen = preview.of(subscription, NOW)

    assert (seen.choices, seen.why_none, seen.why_empty) == ([], why_none, why_empty)


def test_preview_says_that_nothing_matched(subscription: Subscription) -> None:
    FollowFactory.create(subscription=subscription, kind="search", search="nothing of the kind")
    PaperFactory.create()

    assert preview.of(subscription, NOW).why_empty == "Nothing new matched what you follow."


def test_preview_is_the_same_with_the_sites_index_and_without(
    subscription: Subscription, index: Callable[[], Any]
) -> None:
    furnish(subscription)
    FollowFactory.create(subscription=subscription, kind="search", search="paper OR wonderful -13")
    FollowFactory.create(subscription=subscription, kind="search", search="numb*", mutes=True)
    without = preview.of(subscription, NOW)
    index()

    assert without.choices
    assert preview.of(subscription, NOW) == without
