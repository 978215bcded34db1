"""The site's processes at the desk."""

import pytest
from django.test import Client

from papersite.models import Heartbeat
from tests.admin_lists import check_list
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_the_list_costs_the_same_for_one_process_and_for_thirty(curator_client: Client) -> None:
    def beat(count: int) -> None:
        held = Heartbeat.objects.count()
        for number in range(held, held + count):
            Heartbeat.objects.create(name="web", host="web1", pid=number, started_at=NOW, beaten_at=NOW)

    check_list(curator_client, Heartbeat, beat)
