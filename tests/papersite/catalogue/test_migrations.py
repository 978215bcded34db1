"""Renamed tables' models: their rows stay, forth and back."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from papersite.catalogue.models import RequestSlot


@pytest.mark.django_db
def test_the_slots_of_services_stay_while_their_model_gets_its_name_and_loses_it() -> None:
    RequestSlot.objects.create(service="arxiv", holder="somebody")
    before, after = ("catalogue", "0005_readers"), ("catalogue", "0006_request_slots")

    back = MigrationExecutor(connection).migrate([before])
    assert list(back.apps.get_model("catalogue", "Turn").objects.values_list("service", "holder")) == [
        ("arxiv", "somebody")
    ]
    back.apps.get_model("catalogue", "Turn").objects.update(holder="")
    MigrationExecutor(connection).migrate([after])

    assert RequestSlot.objects.get().holder == ""
