"""The desk for topics."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from papersite.catalogue import models
from tests.admin_lists import check_list
from tests.factories import AuthorFactory, PaperFactory, TopicFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]


def papers_in_topics(count: int) -> None:
    for _ in range(count):
        PaperFactory.create(in_topics=[TopicFactory.create()], by=[AuthorFactory.create()])


LISTS: dict[type[Model], Callable[[int], Any]] = {
    models.PaperTopic: papers_in_topics,
    models.Topic: TopicFactory.create_batch,
}


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
def test_lists_cost_the_same_for_one_row_and_for_thirty(curator_client: Client, model: type[Model]) -> None:
    check_list(curator_client, model, LISTS[model])


def test_a_new_topic_finds_its_papers_at_once(curator_client: Client) -> None:
    PaperFactory.create(title="Graphs")

    curator_client.post(
        reverse("admin:catalogue_topic_add"),
        {"name": "Graphs", "slug": "graphs", "search": "graph", "is_offered": "on"},
    )

    assert [row.why for row in models.PaperTopic.objects.all()] == ["graph"]
