"""What curators fill in."""

import pytest

from papersite.catalogue.forms import TopicForm, WeightsForm

GOOD = {"vote_count": "12", "hf_upvotes": "4.5", "github_week": "0"}


def test_weights_are_hours_for_each_signal() -> None:
    form = WeightsForm(GOOD)

    assert form.is_valid()
    assert form.hours() == {"vote_count": 12.0, "hf_upvotes": 4.5, "github_week": 0.0}


@pytest.mark.parametrize("value", ["", "-1", "nan", "inf", "9000", "many"])
def test_a_weight_that_is_none_is_refused(value: str) -> None:
    form = WeightsForm({**GOOD, "hf_upvotes": value})

    assert list(form.errors) == ["hf_upvotes"]


def topic(search: str) -> TopicForm:
    return TopicForm({"name": "Graphs", "slug": "graphs", "search": search, "is_offered": "on"})


@pytest.mark.django_db
def test_a_topics_search_that_is_understood_is_taken() -> None:
    assert topic('title:graph OR "graph network" -molecule').is_valid()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("search", "problem"),
    [
        ("(graph", "An opening bracket has no closing one."),
        ("graph after:soon", "“soon” is not a day; write it as 2026-01-31."),
        ("graph sort:new", "A topic has no order of its own: leave “sort:” out."),
    ],
)
def test_a_topics_search_that_would_lose_a_part_is_refused(search: str, problem: str) -> None:
    assert topic(search).errors["search"] == [problem]
