"""A week's order, page by page."""

from datetime import date, timedelta
from typing import Any

import pytest

from papersite.catalogue.models import Paper, Reading
from papersite.catalogue.ranking import Ranking
from tests.factories import NOW, PaperFactory

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


def rank(upvotes: dict[str, int]) -> None:
    for title, value in upvotes.items():
        paper = PaperFactory.create(title=title)
        if value:
            Reading.objects.create(paper=paper, signal="hf_upvotes", day=MONDAY, value=value)


def titles(start: int, stop: int) -> list[str]:
    return [paper.title for paper in Ranking(MONDAY, MONDAY + timedelta(days=7))[start:stop]]


def test_what_earned_most_comes_first_and_the_rest_by_heat() -> None:
    rank({"few": 2, "none": 0, "many": 90})
    PaperFactory.create(title="older", announced_at=NOW - timedelta(hours=5))
    PaperFactory.create(title="before the week", announced_at=NOW - timedelta(days=7))

    assert titles(0, 10) == ["many", "few", "none", "older"]
    assert [titles(start, start + 1)[0] for start in range(4)] == ["many", "few", "none", "older"]
    assert titles(1, 3) == ["few", "none"]
    assert len(Ranking(MONDAY, MONDAY + timedelta(days=7))) == 4


def test_hidden_papers_are_left_out() -> None:
    rank({"hidden": 90, "shown": 1})
    Paper.objects.filter(title="hidden").update(is_hidden=True)

    assert titles(0, 10) == ["shown"]


def test_a_page_costs_the_same_queries_wherever_it_lies(django_assert_num_queries: Any) -> None:
    rank({f"earning {number}": number for number in range(1, 40)})
    rank({f"quiet {number}": 0 for number in range(40)})

    for start in (0, 30, 60):
        ranking = Ranking(MONDAY, MONDAY + timedelta(days=7))
        assert len(ranking) == 79
        with django_assert_num_queries({0: 3, 30: 6, 60: 3}[start]):
            assert len(ranking[start : start + 30]) == min(30, 79 - start)
