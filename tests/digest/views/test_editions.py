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


@pytest.mark.parametrize("rows", [1, 20])
def test_archive_costs_the_same_queries_for_one_day_and_for_twenty(
    client: Client, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        PaperFactory.create(announced_at=NOW - timedelta(days=number))
        EditionFactory.create(day=NOW.date() - timedelta(days=number), intro="Worth a look.")

    with django_assert_num_queries(3):
        page = client.get("/archive/").content.decode()

    assert page.count("Worth a look.") == rows
    assert page.count('href="/papers/2026-11-') == rows


def test_archive_goes_from_month_to_month_and_not_beyond_the_ends(client: Client) -> None:
    PaperFactory.create(title="Of November")
    PaperFactory.create(title="Of September", announced_at=NOW - timedelta(days=60))

    page = client.get("/archive/").content.decode()
    before = client.get("/archive/?month=2026-10").content.decode()

    assert ("Of November" in page, 'href="?month=2026-10"' in page, 'rel="next"' in page) == (True, True, False)
    assert ("Of November" in before, 'href="?month=2026-09"' in before, 'rel="next"' in before) == (False, True, True)
    for month in ("2026-08", "2026-12", "2026-13", "x"):
        assert client.get(f"/archive/?month={month}").status_code == 404


@pytest.mark.parametrize("rows", [1, 20])
def test_a_days_page_costs_the_same_queries_with_picks_and_hides_what_is_hidden(
    client: Client, django_assert_num_queries: Any, rows: int
) -> None:
    edition = EditionFactory.create(intro="Worth a look.")
    PickFactory.create_batch(rows, edition=edition, note="Picked.")
    PickFactory.create(edition=edition, note="Hidden pick.", paper__is_hidden=True)
    PaperFactory.create_batch(rows)
    PaperFactory.create(title="A hidden paper", is_hidden=True)

    with django_assert_num_queries(6):
        page = client.get("/papers/2026-11-23/").content.decode()

    assert (page.count("Picked.<"), page.count('class="card"')) == (rows, rows)
    assert "Worth a look." in page
    assert "Hidden pick" not in page
    assert "A hidden paper" not in page


def test_a_day_with_an_intro_and_no_papers_has_its_page(client: Client) -> None:
    EditionFactory.create(intro="Nothing today.")
    PaperFactory.create(announced_at=NOW - timedelta(days=2), title="The day before yesterday's")

    page = client.get("/papers/2026-11-23/").content.decode()

    assert "Nothing today." in page
    assert "The day before yesterday" in page
