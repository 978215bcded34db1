"""Topics in files that staff bring."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Deed
from papersite.catalogue import tasks
from papersite.catalogue.models import Topic
from tests.exchanged import go_on, look, reasons
from tests.factories import PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_topics_come_in_by_the_rules_of_their_form(curator_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    Topic.objects.all().delete()
    held = TopicFactory.create(slug="graphs", name="Graphs", search="graph", description="Kept.")
    ordered: list[Any] = []
    monkeypatch.setattr(tasks.classify, "delay", lambda *args, **kwargs: ordered.append((args, kwargs)))
    rows = [
        {"slug": "graphs", "search": "graph OR node", "is_offered": False},
        {"slug": "", "name": "Sound", "categories": ["cs.SD"], "search": "sound"},
    ]

    page = look(curator_client, "catalogue_topic", json.dumps(rows), "topics.json")
    assert "1 new, 1 changed" in page.content.decode()
    assert "<del>graph</del> <ins>graph OR node</ins>" in page.content.decode()
    assert ordered == []
    go_on(curator_client, "catalogue_topic", page)

    held.refresh_from_db()
    assert (held.search, held.is_offered, held.name, held.description) == ("graph OR node", False, "Graphs", "Kept.")
    new = Topic.objects.get(slug="sound")
    assert ([one.code for one in new.categories.all()], new.is_offered) == (["cs.SD"], True)
    assert ordered == [(([held.pk, new.pk],), {"moved": False})]
    assert Deed.objects.get(object_id=str(held.pk)).said == (
        "Imported. search: graph → graph OR node; is_offered: yes → no"
    )


BAD_TOPICS: list[tuple[dict[str, Any], str]] = [
    ({"search": "after:never"}, "search: "),
    ({"search": "graph sort:new"}, "search: A topic has no order of its own"),
    ({"categories": "cs.XX"}, "There is no category cs.XX."),
    ({"is_offered": "perhaps"}, "Its is_offered is neither yes nor no: perhaps"),
    ({"name": "n" * 81}, "name: Ensure this value has at most 80 characters"),
    ({"name": "Sound"}, "name: Topic with this Name already exists."),
    ({"name": 7}, "Its name is no text."),
    ({"slug": "no slug!", "name": "Other"}, "slug: "),
    ({"slug": "sound"}, "The same topic stands in entry 1 already."),
    ({"slug": "", "name": ""}, "slug: "),
]


def test_topics_that_their_form_would_refuse_are_refused(curator_client: Client) -> None:
    for number in range(len(BAD_TOPICS)):
        TopicFactory.create(slug=f"t{number}", name=f"T {number}", search="graph")
    before = list(Topic.objects.values())
    rows = [{"slug": f"t{number}"} | row for number, (row, _) in enumerate(BAD_TOPICS)]

    page = look(curator_client, "catalogue_topic", json.dumps([{"name": "Sound", "slug": "sound"}, *rows]))

    for said, (_, expected) in zip(reasons(page), BAD_TOPICS, strict=True):
        assert any(one.startswith(expected) for one in said), said
    go_on(curator_client, "catalogue_topic", page)
    assert list(Topic.objects.values()) == before


def test_a_search_that_finds_everything_has_to_be_meant(curator_client: Client) -> None:
    for number in range(10):
        PaperFactory.create(title=f"Graphs, part {number}", announced_at=timezone.now())
    topic = TopicFactory.create(slug="graphs", search="graph theory")
    rows = "slug,search\ngraphs,graphs\n"

    page = look(curator_client, "catalogue_topic", rows)
    assert "finds 10 of the 10 papers of a week" in page.content.decode()
    assert "Tick that it is meant." in go_on(curator_client, "catalogue_topic", page)
    go_on(curator_client, "catalogue_topic", page, is_meant="on")

    topic.refresh_from_db()
    assert topic.search == "graphs"
