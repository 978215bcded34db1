"""What beat orders for the catalogue."""

from typing import Any

import pytest

from accounts.models import User
from papersite.catalogue import tasks
from papersite.catalogue.models import BroughtLibrary, Harvest
from tests.factories import NOW
from tests.source_server import Answer, source

pytestmark = pytest.mark.django_db


def test_a_run_that_breaks_leaves_its_error_in_the_row_and_the_worker_alone(settings: Any) -> None:
    with source(lambda request: Answer(status=404)) as served:
        settings.HUGGINGFACE_URL = served.url
        tasks.harvest("huggingface")

    assert "answered 404" in Harvest.objects.get().error


@pytest.mark.usefixtures("a_week_later")
def test_what_was_kept_for_a_day_is_forgotten(reader: User) -> None:
    BroughtLibrary.objects.create(reader=reader, brought_at=NOW)

    tasks.tidy()

    assert not BroughtLibrary.objects.exists()


def test_a_run_that_overlaps_another_is_left_out() -> None:
    from django.utils import timezone

    Harvest.objects.create(source="huggingface", is_live=True, started_at=timezone.now())

    tasks.harvest("huggingface")

    assert Harvest.objects.count() == 1
