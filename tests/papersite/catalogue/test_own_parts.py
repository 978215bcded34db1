"""What of a paper is a reader's own; tests/papersite/web/test_sheets.py sees it on pages."""

from typing import Any

import pytest

from papersite.catalogue import own_parts, reading_list, votes
from papersite.catalogue.own_parts import OF_PAPER, Part, State
from tests.factories import NOW, PaperFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_one_query_says_of_many_papers_what_one_reader_did(django_assert_num_queries: Any) -> None:
    ada, bob = UserFactory.create_batch(2)
    first, second = PaperFactory.create(hf_upvotes=7), PaperFactory.create()
    votes.cast(first, ada)
    votes.cast(second, bob)
    votes.cast(second, ada)
    votes.take_back(second, ada)
    reading_list.save(second, ada, NOW)
    parts = [Part(name, paper.pk) for paper in (first, second) for name in ("vote", "save", "place")]

    with django_assert_num_queries(1):
        found = OF_PAPER.states(ada, [*parts, Part("vote", 0)])

    assert found == [
        State(1, 7, is_voted=True), State(), State(1),
        State(1), State(is_saved=True), State(1),
        State(),
    ]  # fmt: skip


def test_a_papers_place_is_said_in_parts_of_a_bar() -> None:
    place = own_parts.place_of(PaperFactory.create(vote_count=3, hf_upvotes=15))

    assert [part.signal for part in place["parts"]] == ["vote_count", "hf_upvotes"]
    assert [name for name, _, _ in place["bar"]] == ["vote_count", "hf_upvotes"]
