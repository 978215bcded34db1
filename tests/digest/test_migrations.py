"""Migrations that rename or move run forth and back, and keep their rows."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from digest.models import BatchCursor
from tests.factories import NOW


def migrate(name: str) -> Any:
    """The digest's tables and models as of one migration."""
    executor = MigrationExecutor(connection)
    executor.migrate([("digest", name)])
    return MigrationExecutor(connection).loader.project_state([("digest", name)]).apps


@pytest.mark.django_db(transaction=True)
def test_a_worker_of_the_former_release_finds_its_row_under_the_former_name() -> None:
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("digest")[0][1]
    BatchCursor.objects.create(worker="w" * 32, done=3, begun=4, lease_until=NOW)
    try:
        former = migrate("0008_mailed").get_model("digest", "Hand")
        assert list(former.objects.values_list("worker", "done", "begun")) == [("w" * 32, 3, 4)]
        former.objects.update(done=4)
    finally:
        migrate(newest)

    assert BatchCursor.objects.get().done == 4
    with connection.cursor() as cursor:
        # The table keeps its name, which the former release goes on using while the new one starts.
        cursor.execute("SELECT count(*) FROM digest_hand")
        assert cursor.fetchone() == (1,)
