"""What decides a batch of deliveries, read at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from digest.choosing import inputs
from digest.choosing.rankings import Rankings
from digest.database import statements
from digest.following import opinions
from digest.ledger import folding
from digest.models import Delivery, DeliveryItem, Subscription
from digest.types import Inputs, Lift
from papersite.catalogue import reading_list, tasting
from papersite.catalogue.models import Paper, PaperTopic, Topic
from tests.digest.claims import claim_of
from tests.factories import (
    NOW,
    AuthorFactory,
    DeliveryFactory,
    FollowFactory,
    PaperFactory,
    PickFactory,
    SubscriptionFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=365)


def gather(deliveries: list[Delivery]) -> dict[int, Inputs]:
    return inputs.gather([claim_of(one) for one in deliveries], Rankings(), NOW)


def wanted(subscription: Subscription) -> list[tuple[tuple[str, str], list[int]]]:
    """Each wish of a reader: its reason and the papers of its ranking."""
    delivery = DeliveryFactory.create(subscription=subscription)
    found = gather([delivery])[delivery.pk]
    return [(wish.reason, [candidate.paper_id for candidate in wish.ranking]) for wish in found.follows]


def test_gather_ranks_a_topic_by_heat(subscription: Subscription) -> None:
    topic = TopicFactory.create(name="Graphs")
    FollowFactory.create(subscription=subscription, kind="topic", topic=topic)
    cool = PaperFactory.create(in_topics=[topic], announced_at=NOW - timedelta(days=1))
    hot = PaperFactory.create(in_topics=[topic])
    PaperFactory.create()

    assert wanted(subscription) == [(("topic", "Graphs"), [hot.pk, cool.pk])]


def test_gather_leaves_out_hidden_papers_and_those_a_curator_kept_out(subscription: Subscription) -> None:
    topic = TopicFactory.create(name="Graphs")
    FollowFactory.create(subscription=subscription, kind="topic", topic=topic)
    PaperFactory.create(in_topics=[topic], is_hidden=True)
    PaperFactory.create(in_topics=[topic], is_withdrawn=True)
    kept_out = PaperFactory.create()
    PaperTopic.objects.create(paper=kept_out, topic=topic, belongs=False)

    assert wanted(subscription) == [(("topic", "Graphs"), [])]


def test_gather_ranks_an_author_a_search_and_trending(subscription: Subscription) -> None:
    author = AuthorFactory.create(name="Ada Byron")
    engines = PaperFactory.create(title="On analytical engines", by=[author])
    other = PaperFactory.create(title="On something else", announced_at=NOW - timedelta(hours=1))
    FollowFactory.create(subscription=subscription, kind="author", author=author)
    FollowFactory.create(subscription=subscription, kind="search", search="engine")
    FollowFactory.create(subscription=subscription)

    assert wanted(subscription) == [
        (("author", "Ada Byron"), [engines.pk]),
        (("search", "engine"), [engines.pk]),
        (("trending", "Trending overall"), [engines.pk, other.pk]),
    ]


def test_gather_finds_what_a_reader_mutes_by_topic_author_and_search(subscription: Subscription) -> None:
    topic, author = TopicFactory.create(), AuthorFactory.create()
    by_topic = PaperFactory.create(in_topics=[topic])
    by_author = PaperFactory.create(by=[author])
    by_search = PaperFactory.create(title="About blockchains")
    PaperFactory.create()
    FollowFactory.create(subscription=subscription)
    FollowFactory.create(subscription=subscription, kind="topic", topic=topic, mutes=True)
    FollowFactory.create(subscription=subscription, kind="author", author=author, mutes=True)
    FollowFactory.create(subscription=subscription, kind="search", search="blockchain", mutes=True)
    delivery = DeliveryFactory.create(subscription=subscription)

    found = gather([delivery])[delivery.pk]

    assert set(found.muted) == {by_topic.pk, by_author.pk, by_search.pk}
    assert len(found.follows) == 1


def test_gather_knows_what_each_reader_was_sent_and_when(subscription: Subscription) -> None:
    paper, other = PaperFactory.create(), SubscriptionFactory.create()
    for one in (subscription, other):
        FollowFactory.create(subscription=one)
    earlier = DeliveryFactory.create(
        subscription=subscription, day=NOW - timedelta(days=1), state="sent", assembled_at=NOW - timedelta(days=1)
    )
    earlier.items.create(subscription=subscription, paper=paper, position=0)
    mine, theirs = (DeliveryFactory.create(subscription=one) for one in (subscription, other))

    found = gather([mine, theirs])

    assert (set(found[mine.pk].sent), found[mine.pk].last_digest_at) == ({paper.pk}, NOW - timedelta(days=1))
    assert (set(found[theirs.pk].sent), found[theirs.pk].last_digest_at) == (set(), None)


def test_gather_brings_the_picks_of_the_readers_day_but_no_hidden_one(subscription: Subscription) -> None:
    delivery = DeliveryFactory.create(subscription=subscription)
    pick = PickFactory.create(edition__day=delivery.day, note="Read this.")
    PickFactory.create(edition=pick.edition, paper__is_hidden=True)
    PickFactory.create(edition__day=delivery.day - timedelta(days=1))

    picks = gather([delivery])[delivery.pk].picks

    assert [(candidate.paper_id, note) for candidate, note in picks] == [(pick.paper_id, "Read this.")]


def test_gather_says_when_nothing_was_announced_since_the_last_digest(subscription: Subscription) -> None:
    PaperFactory.create(announced_at=NOW - timedelta(days=2))
    DeliveryFactory.create(
        subscription=subscription, day=NOW - timedelta(days=1), state="sent", assembled_at=NOW - timedelta(days=1)
    )
    delivery = DeliveryFactory.create(subscription=subscription)

    assert gather([delivery])[delivery.pk].is_quiet_catalogue is True

    PaperFactory.create(announced_at=NOW)

    assert gather([delivery])[delivery.pk].is_quiet_catalogue is False


@pytest.fixture(autouse=True)
def no_index(settings: Any, tmp_path: Any) -> None:
    settings.INDEX_DIR = tmp_path / "index"


def readers_of(topic: Topic, count: int) -> list[Delivery]:
    author = AuthorFactory.create()
    PaperFactory.create_batch(count, in_topics=[topic], by=[author])
    subscriptions = SubscriptionFactory.create_batch(count)
    for one in subscriptions:
        FollowFactory.create(subscription=one, kind="topic", topic=topic)
        FollowFactory.create(subscription=one, kind="search", search="paper")
        FollowFactory.create(subscription=one, kind="author", author=author, mutes=True)
        FollowFactory.create(subscription=one)
    return [DeliveryFactory.create(subscription=one) for one in subscriptions]


def queries_of(deliveries: list[Delivery]) -> int:
    with CaptureQueriesContext(connection) as queries:
        gather(deliveries)
    return len(queries)


def test_gather_costs_the_same_queries_for_one_reader_and_for_thirty() -> None:
    one, thirty = readers_of(TopicFactory.create(), 1), readers_of(TopicFactory.create(), 30)

    assert queries_of(thirty) == queries_of(one)


def sent_long_ago(subscription: Subscription, paper: Paper) -> None:
    """In a mail of July that is folded by now."""
    day = date(2026, 7, 10)
    earlier = DeliveryFactory.create(subscription=subscription, day=day, state="sent", assembled_at=NOW - YEAR)
    earlier.items.create(subscription=subscription, paper=paper, position=0)
    folding.fold(NOW)


@pytest.mark.parametrize("comes_as", ["pick", "announced anew", "long away"])
def test_gather_knows_what_was_sent_before_it_was_folded(subscription: Subscription, comes_as: str) -> None:
    FollowFactory.create(subscription=subscription)
    away = NOW - timedelta(days=150)
    paper = PaperFactory.create(added_at=away, announced_at=NOW if comes_as == "announced anew" else away)
    if comes_as == "pick":
        PickFactory.create(edition__day=NOW.date(), paper=paper)
    sent_long_ago(subscription, paper)
    if comes_as != "long away":
        DeliveryFactory.create(
            subscription=subscription, day=NOW - timedelta(days=1), state="sent", assembled_at=NOW - timedelta(days=1)
        )
    one, other = (DeliveryFactory.create(subscription=each) for each in (subscription, SubscriptionFactory.create()))

    found = gather([one, other])

    assert (set(found[one.pk].sent), set(found[other.pk].sent)) == ({paper.pk}, set())


def test_gather_knows_who_waited_where_more_is_followed_than_fits() -> None:
    topic = TopicFactory.create()
    few, many = readers_of(topic, 2), readers_of(topic, 20)
    for one in many:
        one.subscription.cap = 2
    for one in [*few, *many]:
        for days, left in ((2, '[["topic","Older",3,7]]'), (1, '[["search","paper",3,2],["topic","Had one",9]]')):
            moment = NOW - timedelta(days=days)
            earlier = DeliveryFactory.create(
                subscription=one.subscription, day=moment, state="sent", assembled_at=moment
            )
            earlier.items.create(
                subscription=one.subscription, paper=PaperFactory.create(), position=0, remainders=left
            )

    found = gather([*few, *many])

    assert [found[one.pk].waited for one in many] == [{("search", "paper"): 2}] * 20
    assert [found[one.pk].waited for one in few] == [{}] * 2
    # It costs no query of its own.
    assert queries_of(few) == queries_of(many)


def test_gather_asks_twice_more_where_old_papers_are_news_however_many_readers_there_are() -> None:
    topic = TopicFactory.create()
    one, thirty = readers_of(topic, 1), readers_of(topic, 30)
    paper = PaperFactory.create(in_topics=[topic])
    for delivery in [*one, *thirty]:
        sent_long_ago(delivery.subscription, paper)
    usual = queries_of(one)

    # Was it folded, and with whom?
    Paper.objects.filter(pk=paper.pk).update(added_at=NOW - YEAR)
    assert queries_of(one) == queries_of(thirty) == usual + 2


def test_gather_knows_how_opinions_move_papers(subscription: Subscription) -> None:
    author = AuthorFactory.create()
    liked, alike = PaperFactory.create_batch(2, by=[author])
    FollowFactory.create(subscription=subscription)
    opinions.give(subscription, liked, "less", NOW)
    mine, theirs = DeliveryFactory.create(subscription=subscription), DeliveryFactory.create()

    found = gather([mine, theirs])

    assert found[mine.pk].lifts == {alike.pk: Lift(-12.0)}
    assert found[theirs.pk].lifts == {}


def test_gather_costs_the_same_queries_whatever_readers_have_opinions_on() -> None:
    def with_opinions(count: int) -> list[Delivery]:
        deliveries = readers_of(TopicFactory.create(), count)
        for one in deliveries:
            opinions.give(one.subscription, PaperFactory.create(), "more", NOW)
            reading_list.save(PaperFactory.create(), one.subscription.reader, NOW)
        tasting.site_taste.cache_clear()
        return deliveries

    assert queries_of(with_opinions(30)) == queries_of(with_opinions(1))


def rows_looked_at(sql: str) -> float:
    """The most rows of one table or index that PostgreSQL takes into its hands for a query."""

    def most(node: Any) -> float:
        per_loop = node["Actual Rows"] + sum(node.get(key, 0) for key in REMOVED)
        found: list[float] = [per_loop * node["Actual Loops"], *map(most, node.get("Plans", []))]
        return max(found)

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        (((found,),),) = cursor.fetchall()
        return most(found["Plan"])


REMOVED = ("Rows Removed by Filter", "Rows Removed by Index Recheck")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans without statistics")
def test_a_batch_reads_its_own_rows_while_the_statistics_know_of_none() -> None:
    """As on a morning: when the database last counted, today's deliveries and papers were not there."""
    with connection.cursor() as cursor:
        # Without the pages that other tests left behind.
        cursor.execute("TRUNCATE digest_delivery, digest_deliveryitem CASCADE")
        cursor.execute("ANALYZE digest_delivery, digest_deliveryitem")
    topic, papers = TopicFactory.create(), PaperFactory.create_batch(5)
    deliveries = readers_of(topic, 400)
    items = [
        DeliveryItem(delivery=one, subscription=one.subscription, paper=paper, position=place)
        for one in deliveries
        for place, paper in enumerate(papers)
    ]
    DeliveryItem.objects.bulk_create(items)
    Delivery.objects.update(state="sent", assembled_at=NOW)
    statements.read_by_index()

    with CaptureQueriesContext(connection) as captured:
        gather(deliveries[:10])
    asked = [one["sql"] for one in captured if "digest_delivery" in one["sql"]]
    assert len(asked) == 2
    assert [sql for sql in asked if rows_looked_at(sql) > 60] == []

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE digest_delivery")
    Delivery.objects.bulk_create(
        Delivery(subscription=one.subscription, day=one.day + timedelta(days=day), due_at=NOW)
        for one in deliveries
        for day in range(1, 6)
    )
    claim = statements._in_words_of("postgresql", statements.CLAIM)
    values = {"worker": "'w'", "lease": "now()", "now": "'2099-01-01'", "limit": "10"}
    assert rows_looked_at(claim % values) <= 60
