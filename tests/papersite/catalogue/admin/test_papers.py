"""The desk for papers, authors and categories."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from papersite.catalogue import models
from tests.admin_lists import check_list
from tests.arxiv_answers import query, query_entry
from tests.factories import AuthorFactory, CategoryFactory, PaperFactory, TopicFactory
from tests.source_server import Answer, source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]


def papers_in_topics(count: int) -> None:
    for _ in range(count):
        PaperFactory.create(in_topics=[TopicFactory.create()], by=[AuthorFactory.create()])


LISTS: dict[type[Model], Callable[[int], Any]] = {
    models.Author: AuthorFactory.create_batch,
    models.Authorship: papers_in_topics,
    models.Category: CategoryFactory.create_batch,
    models.Paper: PaperFactory.create_batch,
}


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
def test_lists_cost_the_same_for_one_row_and_for_thirty(curator_client: Client, model: type[Model]) -> None:
    check_list(curator_client, model, LISTS[model])


def act(client: Client, action: str) -> str:
    chosen = {"action": action, "_selected_action": list(models.Paper.objects.values_list("pk", flat=True))}
    return client.post(reverse("admin:catalogue_paper_changelist"), chosen, follow=True).content.decode()


def test_hide_and_show_are_one_action_each(curator_client: Client) -> None:
    PaperFactory.create_batch(2)

    assert "2 hidden." in act(curator_client, "hide")
    assert models.Paper.objects.filter(is_hidden=True).count() == 2
    assert "2 shown." in act(curator_client, "show")


def form_of(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send back unchanged."""
    admin_form = client.get(url).context["adminform"].form
    initial = {name: admin_form.get_initial_for_field(field, name) for name, field in admin_form.fields.items()}
    return {name: value for name, value in initial.items() if value not in (None, False)}


def empty_inlines(*prefixes: str) -> dict[str, str]:
    return {f"{prefix}-{name}": "0" for prefix in prefixes for name in ("TOTAL_FORMS", "INITIAL_FORMS")}


def test_a_curators_no_to_a_topic_is_kept_as_theirs(curator_client: Client) -> None:
    topic, paper = TopicFactory.create(search="graph"), PaperFactory.create(title="Graphs")
    url = reverse("admin:catalogue_paper_change", args=[paper.pk])
    data = form_of(curator_client, url) | empty_inlines("paper_topics", "authorships")
    moment = paper.announced_at
    data |= {"announced_at_0": f"{moment:%Y-%m-%d}", "announced_at_1": f"{moment:%H:%M:%S}", "boost": "24"}
    data |= {"paper_topics-TOTAL_FORMS": "1", "paper_topics-0-topic": topic.pk, "paper_topics-0-paper": paper.pk}

    answer = curator_client.post(url, data)

    assert answer.status_code == 302, answer.context["adminform"].errors
    row = models.PaperTopic.objects.get()
    assert (row.belongs, row.origin) == (False, "curator")
    assert models.Paper.objects.get().heat == pytest.approx(paper.heat + 24)


def test_what_a_curator_edits_is_kept_as_theirs(curator_client: Client) -> None:
    paper = PaperFactory.create()
    url = reverse("admin:catalogue_paper_change", args=[paper.pk])
    data = form_of(curator_client, url) | empty_inlines("paper_topics", "authorships") | {"summary": "In better words."}
    # The form sends what it showed along with what was typed.
    for prefix in ("", "initial-"):
        data[f"{prefix}announced_at_0"] = f"{paper.announced_at:%Y-%m-%d}"
        data[f"{prefix}announced_at_1"] = f"{paper.announced_at:%H:%M:%S}"

    answer = curator_client.post(url, data | {"boost": "0"})

    assert answer.status_code == 302, answer.context["adminform"].errors
    assert models.Paper.objects.get().curated == ["summary"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2611.00001", "2611.00001"), ("2611.00001v2", "2611.00001"), (" arXiv:2611.00001 [cs.CV]", "2611.00001"),
        ("https://arxiv.org/pdf/2611.00001v3", "2611.00001"), ("math.GT/0309136", "math/0309136"),
        ("none of arXiv", None), ("2699.1", None),
    ],
)  # fmt: skip
def test_an_identifier_is_taken_however_a_curator_writes_it(
    curator_client: Client, client: Client, typed: str, kept: str | None
) -> None:
    """What is no identifier has no address: each page with the paper on it would be broken."""
    paper = PaperFactory.create()
    url = reverse("admin:catalogue_paper_change", args=[paper.pk])
    data = form_of(curator_client, url) | empty_inlines("paper_topics", "authorships") | {"arxiv_id": typed}
    for prefix in ("", "initial-"):
        data[f"{prefix}announced_at_0"] = f"{paper.announced_at:%Y-%m-%d}"
        data[f"{prefix}announced_at_1"] = f"{paper.announced_at:%H:%M:%S}"

    answer = curator_client.post(url, data | {"boost": "0"})

    assert answer.status_code == (302 if kept else 200)
    assert models.Paper.objects.get().arxiv_id == (kept or "")
    assert client.get("/papers/2026-11-23/").status_code == 200


@pytest.mark.parametrize(("code", "status"), [("q-bio.NC", 302), ("hep-th", 302), ("Machine Learning", 200)])
def test_a_categorys_code_can_stand_in_an_address(curator_client: Client, code: str, status: int) -> None:
    answer = curator_client.post(reverse("admin:catalogue_category_add"), {"code": code, "name": "Its name"})

    assert answer.status_code == status
    assert models.Category.objects.count() == (status == 302)


def test_arxiv_is_asked_about_chosen_papers_again(curator_client: Client, settings: Any) -> None:
    settings.ARXIV_PAUSE = 0
    moment = datetime(2026, 11, 20, 9, tzinfo=UTC)
    PaperFactory.create(arxiv_id="2611.00001")
    with source(
        lambda request: Answer(query(query_entry("2611.00001", moment, moment, title="As it is now")))
    ) as served:
        settings.ARXIV_API_URL = served.url
        assert "asked about 1" in act(curator_client, "ask_arxiv")

    assert models.Paper.objects.get().title == "As it is now"
