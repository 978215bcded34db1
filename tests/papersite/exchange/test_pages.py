"""Rows of the desk, carried out and brought in."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from papersite.catalogue.models import Paper, Topic
from tests.exchanged import address, go_on, look, out
from tests.factories import AuthorFactory, CategoryFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def whole() -> None:
    topic = TopicFactory.create(slug="graphs", name="=Graphs", search="-sound graph")
    topic.categories.add(CategoryFactory.create(code="cs.LG"))
    paper = PaperFactory.create(
        title="@Graphs", arxiv_id="2611.00010", in_topics=[topic], has_more_authors=True,
        by=[AuthorFactory.create(name="Ada Lovelace"), AuthorFactory.create(name="Émilie du Châtelet")],
        keywords=["graph", "light"], announced_at=timezone.now(), primary_category=(first := CategoryFactory.create()),
    )  # fmt: skip
    paper.categories.add(first)
    PaperFactory.create(arxiv_id="", doi="10.1000/1")


@pytest.mark.parametrize("kind", ["csv", "json"])
@pytest.mark.parametrize("model", ["catalogue_topic", "catalogue_paper"])
def test_what_is_carried_out_and_brought_back_changes_nothing(curator_client: Client, model: str, kind: str) -> None:
    whole()
    before = list(Paper.objects.values()), list(Topic.objects.values())

    written = out(curator_client, model, **{"as": kind})
    page = look(curator_client, model, written).content.decode()

    count = Topic.objects.count() if model == "catalogue_topic" else 2
    assert f"0 new, 0 changed, {count} the same" in page
    assert "There is nothing to do." in page
    assert (list(Paper.objects.values()), list(Topic.objects.values())) == before
    assert b"\n=" not in written
    assert b",@" not in written


def test_what_has_changed_since_it_was_shown_is_shown_again(curator_client: Client) -> None:
    topic = TopicFactory.create(slug="graphs", description="One.")
    page = look(curator_client, "catalogue_topic", "slug,description\ngraphs,Two.\n")
    Topic.objects.filter(pk=topic.pk).update(description="Three.")

    said = go_on(curator_client, "catalogue_topic", page)

    assert "Meanwhile something has changed: look once more." in said
    assert "<del>Three.</del> <ins>Two.</ins>" in said
    topic.refresh_from_db()
    assert topic.description == "Three."


@pytest.mark.parametrize("held", ["forged", "", "a:b:c"])
def test_a_preview_that_nobody_was_shown_does_nothing(curator_client: Client, held: str) -> None:
    answer = curator_client.post(address("catalogue_topic", "import"), {"held": held, "seen": "x"})

    assert answer.status_code == 400


def test_the_list_that_is_carried_out_is_the_one_that_is_shown(curator_client: Client) -> None:
    PaperFactory.create(title="Graphs", is_hidden=True)
    PaperFactory.create(title="Sound")

    assert [
        row["title"] for row in json.loads(out(curator_client, "catalogue_paper", off="hidden", **{"as": "json"}))
    ] == ["Graphs"]
    page = curator_client.get(reverse("admin:catalogue_paper_changelist"), {"off": "hidden"}).content.decode()
    assert "export/?off=hidden&amp;as=csv" in page
