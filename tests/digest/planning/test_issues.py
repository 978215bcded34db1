"""An edition as the catalogue's page of its day reads it."""

from typing import Any

import pytest

from papersite.catalogue import issues
from tests.factories import NOW, EditionFactory, PickFactory

pytestmark = pytest.mark.django_db


def test_intro_and_picks_in_their_order_in_one_query(django_assert_num_queries: Any) -> None:
    edition = EditionFactory.create(intro="Worth a look.")
    second, first = (PickFactory.create(edition=edition, position=place, note=f"{place}") for place in (2, 1))

    with django_assert_num_queries(1):
        issue = issues.of(NOW.date())

    assert issue == issues.Issue("<p>Worth a look.</p>", ((first.paper_id, "1"), (second.paper_id, "2")))


def test_an_edition_without_picks_and_a_day_without_an_edition() -> None:
    assert not issues.of(NOW.date())

    EditionFactory.create(intro="Quiet.")

    assert issues.of(NOW.date()) == issues.Issue("<p>Quiet.</p>")
