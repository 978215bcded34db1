"""Migrations with rows: forth, back, and forth again."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from digest.models import DeliveryItem, Subscription
from tests.factories import SubscriptionFactory, sent

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(*targets: tuple[str, str]) -> None:
    """To these, or to the newest of all apps."""
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())


def test_remainders_come_and_go_with_rows_there() -> None:
    subscription: Subscription = SubscriptionFactory.create()
    sent(subscription, papers=2).items.filter(position=0).update(remainders='[["topic","Graphs",3]]')
    try:
        migrate(("digest", "0009_batch_cursor"))
        assert DeliveryItem.objects.count() == 2
    finally:
        migrate()

    assert list(DeliveryItem.objects.values_list("position", "remainders")) == [(0, None), (1, None)]
