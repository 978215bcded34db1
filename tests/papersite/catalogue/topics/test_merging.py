"""Topics that go into others."""

import pytest
from django.test import Client
from django.urls import reverse

from digest.models import Follow, Persona
from papersite.catalogue import tallies
from papersite.catalogue.models import PaperTopic, Topic
from papersite.catalogue.topics import merging
from tests.factories import CategoryFactory, FollowFactory, PaperFactory, SubscriptionFactory, TopicFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]


@pytest.fixture
def graphs() -> Topic:
    return TopicFactory.create(name="Graphs", slug="graphs", search="graph")


@pytest.fixture
def networks() -> Topic:
    return TopicFactory.create(name="Networks", slug="networks", search="network")


def merge(topic: Topic, into: Topic, *, with_papers: bool = True) -> bool:
    return merging.merge(topic.pk, into.pk, with_papers=with_papers)


def test_papers_search_and_categories_go_along_and_addresses_lead_on(
    client: Client, graphs: Topic, networks: Topic
) -> None:
    graphs.categories.add(CategoryFactory.create(code="cs.GR"))
    found, kept_out = PaperFactory.create(title="A graph"), PaperFactory.create(title="A graph of others")
    by_source = PaperFactory.create(title="Trees")
    PaperTopic.objects.create(paper=kept_out, topic=graphs, origin="curator", belongs=False)
    PaperTopic.objects.create(paper=by_source, topic=graphs, origin="source")
    graphs.former_slugs.create(slug="graph-learning")

    assert merge(graphs, networks)

    networks.refresh_from_db()
    assert networks.search == "(network) OR (graph)"
    assert [one.code for one in networks.categories.all()] == ["cs.GR"]
    rows = PaperTopic.objects.filter(topic=networks).values_list("paper", "belongs")
    assert set(rows) == {(found.pk, True), (kept_out.pk, False), (by_source.pk, True)}
    for former in ("graphs", "graph-learning"):
        assert client.get(f"/topics/{former}/").headers["Location"] == "/topics/networks/"
    assert Topic.objects.get() == networks
    assert tallies.wrong() == []


def test_without_papers_its_followers_alone_go_along(graphs: Topic, networks: Topic) -> None:
    PaperFactory.create(title="A graph", in_topics=[graphs])
    FollowFactory.create(kind="topic", topic=graphs)

    assert merge(graphs, networks, with_papers=False)

    networks.refresh_from_db()
    assert networks.search == "network"
    assert not PaperTopic.objects.exists()
    assert Follow.objects.get().topic == networks


def test_who_has_a_word_on_both_keeps_that_on_the_other(graphs: Topic, networks: Topic) -> None:
    both, muting = SubscriptionFactory.create(), SubscriptionFactory.create()
    FollowFactory.create(subscription=both, kind="topic", topic=graphs)
    FollowFactory.create(subscription=both, kind="topic", topic=networks, mutes=True)
    FollowFactory.create(subscription=muting, kind="topic", topic=graphs, mutes=True)
    persona = Persona.objects.create(name="Graph people")
    persona.topics.add(graphs)

    assert merge(graphs, networks)

    assert set(Follow.objects.values_list("subscription", "topic", "mutes")) == {
        (both.pk, networks.pk, True),
        (muting.pk, networks.pk, True),
    }
    assert list(persona.topics.all()) == [networks]
    assert not merge(graphs, networks)


def test_what_takes_the_rest_goes_nowhere_nor_a_topic_into_itself(graphs: Topic) -> None:
    rest = TopicFactory.create(is_catch_all=True)

    assert not merge(rest, graphs)
    assert not merge(graphs, graphs)


def test_curators_are_told_what_it_costs_and_have_to_mean_it(
    curator_client: Client, graphs: Topic, networks: Topic
) -> None:
    follow = FollowFactory.create(kind="topic", topic=graphs)
    url = reverse("admin:catalogue_topic_merge", args=[graphs.pk])

    page = curator_client.get(url).content.decode()
    assert "1 reader follows Graphs" in " ".join(page.split())
    assert follow.subscription.reader.email not in page
    curator_client.post(url, {"into": networks.pk, "with_papers": "on"})
    assert Topic.objects.count() == 2
    said = curator_client.post(url, {"into": networks.pk, "with_papers": "on", "is_meant": "on"}, follow=True)

    assert "Merged “Graphs”, followed by 1, into “Networks”, with its papers." in said.content.decode()
    assert Follow.objects.get().topic == networks
    history = curator_client.get(reverse("admin:catalogue_topic_history", args=[networks.pk])).content.decode()
    assert "Merged “Graphs”" in history
    for bad in ({"into": str(networks.pk), "is_meant": "on"}, {"into": "9" * 400}):
        assert curator_client.post(url, bad).status_code == 404
