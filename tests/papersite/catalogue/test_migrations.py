"""Renamed tables' models: their rows stay, forth and back."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from papersite.catalogue.models import RequestSlot


@pytest.mark.django_db(transaction=True)
def test_the_slots_of_services_stay_while_their_model_gets_its_name_and_loses_it() -> None:
    RequestSlot.objects.create(service="arxiv", holder="somebody")
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()

    try:
        back = executor.migrate([("catalogue", "0005_readers")])
        turns = back.apps.get_model("catalogue", "Turn").objects
        assert list(turns.values_list("service", "holder")) == [("arxiv", "somebody")]
        turns.update(holder="")
    finally:
        MigrationExecutor(connection).migrate(newest)

    assert RequestSlot.objects.get().holder == ""
