"""The desk for topics."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from papersite.catalogue import models, tasks
from tests.admin_lists import check_list
from tests.factories import AuthorFactory, FollowFactory, PaperFactory, TopicFactory

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


def typed(topic: Any, **fields: Any) -> dict[str, Any]:
    return {"name": topic.name, "slug": topic.slug, "search": topic.search, "is_offered": "on"} | fields


def change(client: Client, topic: Any, **fields: Any) -> str:
    url = reverse("admin:catalogue_topic_change", args=[topic.pk])
    return client.post(url, typed(topic, **fields), follow=True).content.decode()


def test_a_topics_former_address_leads_to_the_one_it_has(client: Client, curator_client: Client) -> None:
    topic = TopicFactory.create(slug="graphs")
    change(curator_client, topic, slug="graph-learning")
    change(curator_client, topic, slug="graph-theory")

    for former in ("graphs", "graph-learning"):
        answer = client.get(f"/topics/{former}/")
        assert (answer.status_code, answer.headers["Location"]) == (301, "/topics/graph-theory/")
    assert client.get("/topics/never/").status_code == 404
    change(curator_client, topic, slug="graphs")
    assert client.get("/topics/graphs/").status_code == 200


def test_saving_never_sorts_in_the_request(curator_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ordered: list[Any] = []
    monkeypatch.setattr(tasks.classify, "delay", lambda *args, **kwargs: ordered.append((args, kwargs)))
    topic = TopicFactory.create()

    change(curator_client, topic, description="Said better.")
    assert ordered == []
    change(curator_client, topic, name="Another name", description="Said better.")
    change(curator_client, topic, name="Another name", search="graph")

    assert ordered == [(([topic.pk],), {"moved": True}), (([topic.pk],), {"moved": False})]


@pytest.mark.parametrize(("search", "found"), [("quaternions", 0), ("graphs OR sound", 10)])
def test_a_search_for_everything_or_nothing_is_confirmed(curator_client: Client, search: str, found: int) -> None:
    for number in range(10):
        PaperFactory.create(title=f"{'Graphs' if number % 2 else 'Sound'} of {number}")
    topic = TopicFactory.create()

    assert f"finds {found} of the 10 papers of a week" in change(curator_client, topic, search=search)
    change(curator_client, topic, search=search, is_meant="on")

    topic.refresh_from_db()
    assert topic.search == search
    assert "papers of a week" not in change(curator_client, topic, description="The search stays.")


def test_a_search_is_tried_before_it_is_put_into_force(curator_client: Client) -> None:
    paper = PaperFactory.create(title="Graphs")
    topic = TopicFactory.create(search="sound")
    url = reverse("admin:catalogue_topic_try")

    page = curator_client.get(url, {"topic": str(topic.pk), "search": "graphs"}).content.decode()

    assert "finds 1 of the 1 papers" in page
    assert "1 gained, 0 lost" in page
    assert paper.title in page
    assert "It finds nothing." in curator_client.get(url, {"topic": str(topic.pk)}).content.decode()
    assert "no closing one" in curator_client.get(url, {"search": "(graphs"}).content.decode()
    assert not models.PaperTopic.objects.exists()


def test_a_topic_that_somebody_follows_stays_and_nobody_is_named(curator_client: Client) -> None:
    followed, free = TopicFactory.create_batch(2)
    follow = FollowFactory.create(kind="topic", topic=followed)
    url = reverse("admin:catalogue_topic_delete", args=[followed.pk])

    page = curator_client.get(url).content.decode()
    curator_client.post(url, {"post": "yes"})
    both = {"action": "delete_selected", "_selected_action": [followed.pk, free.pk], "post": "yes"}
    curator_client.post(reverse("admin:catalogue_topic_changelist"), both)

    assert f"{followed}: 1 follow it" in page
    assert follow.subscription.reader.email not in page
    assert models.Topic.objects.count() == 2
    curator_client.post(reverse("admin:catalogue_topic_delete", args=[free.pk]), {"post": "yes"})
    assert models.Topic.objects.get() == followed
