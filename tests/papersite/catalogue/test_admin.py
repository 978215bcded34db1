"""The curators' desk for the catalogue."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from papersite.catalogue import models, scoring, trending
from tests.admin_lists import check_list
from tests.arxiv_answers import query, query_entry
from tests.factories import NOW, AuthorFactory, CategoryFactory, PaperFactory, TopicFactory, UserFactory
from tests.source_server import Answer, source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]


def harvests(count: int) -> None:
    for _ in range(count):
        models.Harvest.objects.create(source="test").rejects.create(place="line 1", reason="no title")


def weights(count: int) -> None:
    for signal in models.SignalWeight.Signal.values[:count]:
        models.SignalWeight.objects.get_or_create(signal=signal, defaults={"hours": 1})


def papers_in_topics(count: int) -> None:
    for _ in range(count):
        PaperFactory.create(in_topics=[TopicFactory.create()], by=[AuthorFactory.create()])


def votes(count: int) -> None:
    for _ in range(count):
        models.Vote.objects.create(paper=PaperFactory.create(), reader=UserFactory.create())


def readings(count: int) -> None:
    for _ in range(count):
        models.Reading.objects.create(paper=PaperFactory.create(), signal="hf_upvotes", day=NOW.date(), value=1)


def repositories(count: int) -> None:
    for _ in range(count):
        models.Repository.objects.create(url=f"https://github.com/a/{models.Repository.objects.count()}")


def turns(count: int) -> None:
    for _ in range(count):
        models.RequestSlot.objects.create(service=f"service {models.RequestSlot.objects.count()}")


LISTS: dict[type[Model], Callable[[int], Any]] = {
    models.Author: AuthorFactory.create_batch,
    models.Authorship: papers_in_topics,
    models.Category: CategoryFactory.create_batch,
    models.Harvest: harvests,
    models.Paper: PaperFactory.create_batch,
    models.PaperTopic: papers_in_topics,
    models.Reading: readings,
    models.Reject: harvests,
    models.Repository: repositories,
    models.SignalWeight: weights,
    models.Topic: TopicFactory.create_batch,
    models.RequestSlot: turns,
    models.Vote: votes,
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


def test_a_new_topic_finds_its_papers_at_once(curator_client: Client) -> None:
    PaperFactory.create(title="Graphs")

    curator_client.post(
        reverse("admin:catalogue_topic_add"),
        {"name": "Graphs", "slug": "graphs", "search": "graph", "is_offered": "on"},
    )

    assert [row.why for row in models.PaperTopic.objects.all()] == ["graph"]


def test_what_the_site_writes_itself_cannot_be_changed(curator_client: Client) -> None:
    harvests(1)

    for name in ("harvest", "reject", "vote"):
        assert curator_client.get(reverse(f"admin:catalogue_{name}_add")).status_code == 403


WEIGHTS = {"vote_count": "0", "hf_upvotes": "40", "github_week": "0"}


@pytest.fixture
def two_papers() -> None:
    """One upvoted and thirty hours old, one voted for and new, with no weekend between them."""
    thursday = datetime(2026, 11, 19, 12, tzinfo=UTC)
    PaperFactory.create(title="Upvoted", hf_upvotes=63, announced_at=thursday - timedelta(hours=30))
    PaperFactory.create(title="Voted", vote_count=1, announced_at=thursday)


@pytest.mark.usefixtures("two_papers")
def test_weights_are_tried_beside_todays_order_before_they_count(curator_client: Client) -> None:
    url = reverse("admin:catalogue_try_weights")

    before = curator_client.get(url).content.decode()
    tried = curator_client.get(url, WEIGHTS).content.decode()

    assert before.index("Voted<") < before.index("Upvoted<")
    assert tried.index("Upvoted<") < tried.index("Voted<")
    assert "up 1" in tried
    assert scoring.weights() == trending.DEFAULT_WEIGHTS


@pytest.mark.usefixtures("two_papers")
def test_weights_put_into_force_move_the_order_at_once(curator_client: Client) -> None:
    answer = curator_client.post(reverse("admin:catalogue_try_weights"), WEIGHTS, follow=True)

    assert "are in force" in answer.content.decode()
    assert scoring.weights()["hf_upvotes"] == 40
    assert [paper.title for paper in models.Paper.objects.trending()] == ["Upvoted", "Voted"]


def test_a_weight_that_is_none_changes_nothing_and_is_said(curator_client: Client) -> None:
    answer = curator_client.post(reverse("admin:catalogue_try_weights"), {**WEIGHTS, "hf_upvotes": "-1"})

    assert "greater than or equal to 0" in answer.content.decode()
    assert scoring.weights() == trending.DEFAULT_WEIGHTS


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


def test_votes_are_counted_or_not_as_a_curator_says(curator_client: Client) -> None:
    votes(2)
    for paper in models.Paper.objects.all():
        models.Paper.objects.filter(pk=paper.pk).update(vote_count=1)
    chosen = {"action": "do_not_count", "_selected_action": [models.Vote.objects.all()[0].pk]}

    curator_client.post(reverse("admin:catalogue_vote_changelist"), chosen)

    assert sorted(models.Paper.objects.values_list("vote_count", flat=True)) == [0, 1]
