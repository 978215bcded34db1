"""The desk for votes, weights and what was measured."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from papersite.catalogue import models, trending
from papersite.catalogue.heat import scoring
from tests.admin_lists import check_list
from tests.factories import NOW, PaperFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]


def weights(count: int) -> None:
    for signal in models.SignalWeight.Signal.values[:count]:
        models.SignalWeight.objects.get_or_create(signal=signal, defaults={"hours": 1})


def votes(count: int) -> None:
    for _ in range(count):
        models.Vote.objects.create(paper=PaperFactory.create(), reader=UserFactory.create())


def readings(count: int) -> None:
    for _ in range(count):
        models.Reading.objects.create(paper=PaperFactory.create(), signal="hf_upvotes", day=NOW.date(), value=1)


def repositories(count: int) -> None:
    for _ in range(count):
        models.Repository.objects.create(url=f"https://github.com/a/{models.Repository.objects.count()}")


LISTS: dict[type[Model], Callable[[int], Any]] = {
    models.Reading: readings,
    models.Repository: repositories,
    models.SignalWeight: weights,
    models.Vote: votes,
}


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
def test_lists_cost_the_same_for_one_row_and_for_thirty(curator_client: Client, model: type[Model]) -> None:
    check_list(curator_client, model, LISTS[model])


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


def test_votes_are_counted_or_not_as_a_curator_says(curator_client: Client) -> None:
    votes(2)
    for paper in models.Paper.objects.all():
        models.Paper.objects.filter(pk=paper.pk).update(vote_count=1)
    chosen = {"action": "do_not_count", "_selected_action": [models.Vote.objects.all()[0].pk]}

    curator_client.post(reverse("admin:catalogue_vote_changelist"), chosen)

    assert sorted(models.Paper.objects.values_list("vote_count", flat=True)) == [0, 1]


def test_weights_go_back_with_one_click_and_each_change_is_kept(curator_client: Client) -> None:
    url = reverse("admin:catalogue_try_weights")
    before = scoring.weights()
    curator_client.post(url, {"vote_count": "20", "hf_upvotes": "4", "github_week": "3", "why": "Votes are few."})

    page = curator_client.get(url).content.decode()
    assert "Votes are few." in page
    assert "votes here 12 → 20 h" in page
    change = models.WeightsChange.objects.get()
    curator_client.post(url, {**change.before, "why": "Back"})

    assert scoring.weights() == before
    assert [one.why for one in models.WeightsChange.objects.all()] == ["Back", "Votes are few."]
    assert all(one.made_by is not None for one in models.WeightsChange.objects.all())
    curator_client.post(url, {**change.before, "why": "The same again"})
    assert models.WeightsChange.objects.count() == 2


@pytest.mark.parametrize("hours", ["-1", "1e300", "nan", "9000"])
def test_absurd_weights_are_refused(curator_client: Client, hours: str) -> None:
    given = {"vote_count": hours, "hf_upvotes": "4", "github_week": "3"}

    curator_client.post(reverse("admin:catalogue_try_weights"), given)

    assert not models.WeightsChange.objects.exists()
