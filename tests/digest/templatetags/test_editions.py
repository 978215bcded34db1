"""What curators say and pick, as a page shows it."""

from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string

from digest.templatetags.editions import edition_of
from tests.factories import EditionFactory, PaperFactory, PickFactory

pytestmark = pytest.mark.django_db


def test_intro_and_picks_come_in_one_query(django_assert_num_queries: Any) -> None:
    edition = EditionFactory.create(intro="A day of graphs.")
    PickFactory.create(edition=edition, paper=PaperFactory.create(title="Second"), position=1)
    PickFactory.create(edition=edition, paper=PaperFactory.create(title="First <b>"), position=0, note="Read this")
    PickFactory.create(edition=edition, paper=PaperFactory.create(title="Hidden", is_hidden=True))

    with django_assert_num_queries(1):
        page = render_to_string("_partials/edition.html", edition_of(date(2026, 11, 23)))

    assert page.index("A day of graphs.") < page.index("First &lt;b&gt;") < page.index("Second")
    assert "Read this" in page
    assert "Hidden" not in page


def test_an_edition_without_picks_still_has_its_intro_and_a_day_without_edition_nothing() -> None:
    EditionFactory.create(intro="Quiet.")

    assert edition_of(date(2026, 11, 23)) == {"intro": "Quiet.", "picks": []}
    assert render_to_string("_partials/edition.html", edition_of(date(2026, 11, 24))).strip() == ""
