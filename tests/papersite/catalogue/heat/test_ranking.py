"""A week's order, page by page."""

from datetime import date, timedelta
from typing import Any

import pytest

from papersite.catalogue.heat.ranking import FIRST, Ranking
from papersite.catalogue.lists import SIZE, NoSuchPage, Part
from papersite.catalogue.models import Paper, Reading
from papersite.web import page_store
from tests.factories import NOW, PaperFactory

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


def rank(upvotes: dict[str, int]) -> None:
    for title, value in upvotes.items():
        paper = PaperFactory.create(title=title)
        if value:
            Reading.objects.create(paper=paper, signal="hf_upvotes", day=MONDAY, value=value)


def pages(size: int = SIZE) -> list[list[str]]:
    found: list[list[str]] = []
    after = ""
    while not found or after:
        page = Ranking(MONDAY, MONDAY + timedelta(days=7)).page(Part(after, size))
        found.append([paper.title for paper in page.papers])
        after = page.after
    return found


def test_what_earned_most_comes_first_and_the_rest_by_heat() -> None:
    rank({"few": 2, "none": 0, "many": 90})
    PaperFactory.create(title="older", announced_at=NOW - timedelta(hours=5))
    PaperFactory.create(title="before the week", announced_at=NOW - timedelta(days=7))

    assert pages() == [["many", "few", "none", "older"]]


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_pages_of_any_size_hold_each_paper_once(size: int) -> None:
    rank({"few": 2, "none": 0, "many": 90, "also none": 0, "more": 5})

    found = pages(size)

    assert [title for page in found for title in page] == ["many", "more", "few", "also none", "none"]
    assert all(len(page) == size for page in found[:-1])


def test_hidden_papers_are_left_out() -> None:
    rank({"hidden": 90, "shown": 1})
    Paper.objects.filter(title="hidden").update(is_hidden=True)

    assert pages() == [["shown"]]


@pytest.mark.parametrize("after", ["e", "e999999", "x", "1.0_", "-9e9_1", "e1;"])
def test_what_is_no_place_is_no_page(after: str) -> None:
    rank({"many": 90})

    with pytest.raises(NoSuchPage):
        Ranking(MONDAY, MONDAY + timedelta(days=7)).page(Part(after))


def test_a_page_costs_the_same_queries_wherever_it_lies(django_assert_num_queries: Any) -> None:
    rank({f"earning {number}": number for number in range(1, 40)})
    rank({f"quiet {number}": 0 for number in range(40)})

    after = ""
    for queries in (6, 1, 2):
        with django_assert_num_queries(queries):
            page = Ranking(MONDAY, MONDAY + timedelta(days=7)).page(Part(after))
            assert len(page.papers) in (30, 19)
        after = page.after


def test_the_first_page_is_sorted_once_until_something_moves(
    django_assert_num_queries: Any, django_capture_on_commit_callbacks: Any
) -> None:
    rank({"few": 2} | {f"quiet {number}": 0 for number in range(40)})
    first = pages()[0]

    with django_assert_num_queries(1):
        page = Ranking(MONDAY, MONDAY + timedelta(days=7)).page(Part())
    assert [paper.title for paper in page.papers] == first

    rank({"new": 0})
    assert "new" not in pages()[0]
    with django_capture_on_commit_callbacks(execute=True):
        page_store.renew()
    page_store.store.look_again()
    assert "new" in pages()[0]


def test_more_than_the_largest_page_is_asked_for_whole() -> None:
    rank({"few": 2} | {f"quiet {number}": 0 for number in range(FIRST + 1)})

    assert len(Ranking(MONDAY, MONDAY + timedelta(days=7)).page(Part(size=FIRST + 2)).papers) == FIRST + 2
