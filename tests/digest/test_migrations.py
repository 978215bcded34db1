"""Migrations with rows there: back, and forth again."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from digest.models import BatchCursor, DeliveryItem, Subscription
from tests.factories import NOW, SubscriptionFactory, sent

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(*targets: tuple[str, str]) -> None:
    """To these, or to the newest of all apps."""
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())


def test_a_worker_of_the_former_release_finds_its_row_under_the_former_name() -> None:
    BatchCursor.objects.create(worker="w" * 32, done=3, begun=4, lease_until=NOW)
    try:
        migrate(("digest", "0008_mailed"))
        former = MigrationExecutor(connection).loader.project_state([("digest", "0008_mailed")]).apps
        hands = former.get_model("digest", "Hand").objects
        assert list(hands.values_list("worker", "done", "begun")) == [("w" * 32, 3, 4)]
        hands.update(done=4)
    finally:
        migrate()

    assert BatchCursor.objects.get().done == 4
    with connection.cursor() as cursor:
        # The table keeps its name, which the former release goes on using while the new one starts.
        cursor.execute("SELECT count(*) FROM digest_hand")
        assert cursor.fetchone() == (1,)


def test_remainders_come_and_go_with_rows_there() -> None:
    subscription: Subscription = SubscriptionFactory.create()
    sent(subscription, papers=2).items.filter(position=0).update(remainders='[["topic","Graphs",3]]')
    try:
        migrate(("digest", "0009_batch_cursor"))
        assert DeliveryItem.objects.count() == 2
    finally:
        migrate()

    assert list(DeliveryItem.objects.values_list("position", "remainders")) == [(0, None), (1, None)]
