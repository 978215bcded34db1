"""The desk for harvests."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from papersite.catalogue import models
from papersite.catalogue.harvesting import runs
from tests.admin_lists import check_list
from tests.source_server import Answer, source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]


def harvests(count: int) -> None:
    for _ in range(count):
        models.Harvest.objects.create(source="test").rejects.create(place="line 1", reason="no title")


def turns(count: int) -> None:
    for _ in range(count):
        models.RequestSlot.objects.create(service=f"service {models.RequestSlot.objects.count()}")


LISTS: dict[type[Model], Callable[[int], Any]] = {
    models.Harvest: harvests,
    models.Reject: harvests,
    models.RequestSlot: turns,
}


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
def test_lists_cost_the_same_for_one_row_and_for_thirty(curator_client: Client, model: type[Model]) -> None:
    check_list(curator_client, model, LISTS[model])


def test_what_the_site_writes_itself_cannot_be_changed(curator_client: Client) -> None:
    harvests(1)

    for name in ("harvest", "reject", "vote"):
        assert curator_client.get(reverse(f"admin:catalogue_{name}_add")).status_code == 403


def test_a_harvest_is_ordered_from_admin_and_its_row_tells_how_it_went(curator_client: Client, settings: Any) -> None:
    with source(lambda request: Answer("[]")) as served:
        settings.HUGGINGFACE_URL = served.url
        answer = curator_client.post(reverse("admin:catalogue_harvest_run"), {"source": "huggingface"}, follow=True)

    assert "A run of huggingface was ordered" in answer.content.decode()
    assert models.Harvest.objects.get().error == ""
    assert len(served.requests) == 15


@pytest.mark.parametrize(("method", "source_name", "status"), [("get", "huggingface", 403), ("post", "nowhere", 302)])
def test_an_order_that_is_none_runs_nothing(curator_client: Client, method: str, source_name: str, status: int) -> None:
    answer = getattr(curator_client, method)(reverse("admin:catalogue_harvest_run"), {"source": source_name})

    assert answer.status_code == status
    assert not models.Harvest.objects.exists()


def test_readers_order_nothing(reader_client: Client) -> None:
    for name in ("catalogue_harvest_run", "catalogue_try_weights"):
        assert reader_client.post(reverse(f"admin:{name}")).status_code == 302
    assert not models.Harvest.objects.exists()


def test_a_run_that_goes_on_does_not_look_finished_and_can_be_stopped(curator_client: Client, settings: Any) -> None:
    settings.HARVEST_SOURCES = ["huggingface"]
    url = reverse("admin:catalogue_harvest_changelist")
    with runs.running("huggingface", "", timezone.now()) as run:
        page = curator_client.get(url).content.decode()
        assert "<strong>Running</strong>" in page
        assert '<td class="field-state">running</td>' in page
        stop = reverse("admin:catalogue_harvest_stop", args=[run.harvest.pk])
        assert "ends before its next request" in curator_client.post(stop, follow=True).content.decode()
        with pytest.raises(runs.Overtaken):
            run.stay_alive()

    row = models.Harvest.objects.get()
    assert (row.error, row.state(timezone.now())) == (runs.STOPPED, "failed")
    assert "has ended already" in curator_client.post(stop, follow=True).content.decode()
    page = curator_client.get(url).content.decode()
    assert "<strong>Running</strong>" not in page
    assert ":17</td>" in page


def test_a_run_that_vanished_looks_neither_running_nor_finished() -> None:
    now = timezone.now()
    one = models.Harvest(source="a", is_live=True, alive_until=now - timedelta(seconds=1))

    assert one.state(now) == "vanished"
    assert models.Harvest(source="a", finished_at=now).state(now) == "finished"
