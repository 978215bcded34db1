"""The archive."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.factories import (
    NOW,
    EditionFactory,
    PaperFactory,
    PickFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]


@pytest.mark.parametrize("rows", [1, 30])
def test_archive_costs_the_same_queries_for_one_day_and_for_thirty(
    client: Client, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        PaperFactory.create(announced_at=NOW - timedelta(days=number))
        EditionFactory.create(day=NOW.date() - timedelta(days=number), intro="Worth a look.")

    with django_assert_num_queries(4):
        page = client.get("/archive/").content.decode()

    assert page.count("Worth a look.") == rows
    assert page.count("1 paper announced") == rows


@pytest.mark.parametrize("rows", [1, 20])
def test_a_days_page_costs_the_same_queries_with_picks_and_hides_what_is_hidden(
    client: Client, django_assert_num_queries: Any, rows: int
) -> None:
    edition = EditionFactory.create(intro="Worth a look.")
    PickFactory.create_batch(rows, edition=edition, note="Picked.")
    PickFactory.create(edition=edition, note="Hidden pick.", paper__is_hidden=True)
    PaperFactory.create_batch(rows)
    PaperFactory.create(title="A hidden paper", is_hidden=True)

    with django_assert_num_queries(7):
        page = client.get("/papers/2026-11-23/").content.decode()

    assert (page.count("Picked.<"), page.count('class="card"')) == (rows, 2 * rows)
    assert "Worth a look." in page
    assert "Hidden pick" not in page
    assert "A hidden paper" not in page


def test_a_day_with_an_intro_and_no_papers_has_its_page(client: Client) -> None:
    EditionFactory.create(intro="Nothing today.")
    PaperFactory.create(announced_at=NOW - timedelta(days=2), title="The day before yesterday's")

    page = client.get("/papers/2026-11-23/").content.decode()

    assert "Nothing today." in page
    assert "The day before yesterday" in page
