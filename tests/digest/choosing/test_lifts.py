"""How many hours opinions move papers by."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.choosing import lifts
from digest.choosing.lifts import FURTHEST_DOWN, FURTHEST_UP, HALVES_IN, LATEST, ONE_DOWN, OpinionRow
from digest.choosing.similarity import Similarity
from digest.following import opinions
from digest.models import Subscription
from digest.types import Lift
from papersite.catalogue.search.writing import Report
from tests.factories import NOW, PaperFactory, SubscriptionFactory


class Known(Similarity):
    """What an index would say."""

    def __init__(self, alike: dict[int, dict[int, float]]) -> None:
        super().__init__()
        self._alike = dict(alike)
        self._titles = {one: f"Paper {one}" for one in alike}


@pytest.mark.django_db
def test_latest_are_the_newest_of_each_reader_in_one_query(
    subscription: Subscription, django_assert_num_queries: Any
) -> None:
    other = SubscriptionFactory.create()
    papers = PaperFactory.create_batch(LATEST + 5)
    for age, paper in enumerate(papers):
        opinions.give(subscription, paper, "more", NOW - timedelta(hours=age))
    opinions.give(other, papers[0], "less", NOW - timedelta(days=1))
    opinions.give(other, papers[1], "less", NOW - timedelta(days=500))

    with django_assert_num_queries(1):
        found = lifts.latest([subscription.pk, other.pk], NOW)

    assert [one.paper_id for one in found[subscription.pk]] == [paper.pk for paper in papers[:LATEST]]
    assert [(one.paper_id, one.kind) for one in found[other.pk]] == [(papers[0].pk, "less")]


def test_lifts_move_papers_alike_and_name_the_paper_that_lifted_them() -> None:
    similarity = Known({1: {10: 0.4}, 2: {12: 0.25}})

    found = lifts.lifts([OpinionRow(1, "more", NOW), OpinionRow(2, "less", NOW)], similarity, NOW)

    assert found == {10: Lift(24 * 0.4, "Paper 1"), 12: Lift(-12.0)}


def test_an_opinion_counts_half_a_month_later() -> None:
    similarity = Known({1: {10: 0.5}})

    found = lifts.lifts([OpinionRow(1, "less", NOW - HALVES_IN)], similarity, NOW)

    assert found == {10: Lift(-12.0)}


def test_two_opinions_that_weigh_each_other_up_name_no_paper() -> None:
    similarity = Known({1: {10: 0.4}, 2: {10: 0.4}})

    found = lifts.lifts([OpinionRow(1, "more", NOW), OpinionRow(2, "less", NOW)], similarity, NOW)

    assert found[10].hours < 0
    assert found[10].like == ""


said = st.builds(
    OpinionRow,
    st.integers(1, 5),
    st.sampled_from(["more", "less"]),
    st.datetimes(datetime(2025, 11, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=NOW.tzinfo)),
)
shares = st.dictionaries(st.integers(10, 20), st.floats(0, 1), max_size=8)


@given(st.lists(said, max_size=50), st.dictionaries(st.integers(1, 5), shares))
def test_opinions_never_move_a_paper_further_than_a_day_however_many_they_are(
    told: list[OpinionRow], alike: dict[int, dict[int, float]]
) -> None:
    found = lifts.lifts(told, Known(alike), NOW)

    assert all(FURTHEST_DOWN <= lift.hours <= FURTHEST_UP for lift in found.values())
    assert all(lift.hours > 0 for lift in found.values() if lift.like)
    assert found == lifts.lifts(told, Known(alike), NOW)


@given(said, shares)
def test_one_opinion_moves_the_more_the_more_alike_a_paper_is_and_never_far(
    told: OpinionRow, alike: dict[int, float]
) -> None:
    found = lifts.lifts([told], Known({told.paper_id: alike}), NOW)

    assert found.keys() == alike.keys()
    moved = [found[one].hours for one in sorted(alike, key=lambda one: alike[one])]
    if told.kind == "less":
        assert all(ONE_DOWN <= hours <= 0 for hours in moved)
        assert moved == sorted(moved, reverse=True)
    else:
        assert all(0 <= hours <= FURTHEST_UP for hours in moved)
        assert moved == sorted(moved)


def test_a_long_title_is_shortened_to_part_of_a_line() -> None:
    assert lifts.shortened("A  title\nof two lines") == "A title of two lines"
    assert len(lifts.shortened("word " * 50)) <= lifts.TITLE_LENGTH


@pytest.mark.django_db
def test_with_an_index_one_opinion_lifts_what_is_written_about_the_same(
    subscription: Subscription, index: Callable[[], Report]
) -> None:
    liked = PaperFactory.create(title="Graph networks for molecules", abstract="Atoms and bonds.")
    alike = PaperFactory.create(title="Molecules as graph networks", abstract="Bonds.")
    PaperFactory.create(title="Speech in noise", abstract="Audio.")
    index()
    similarity = Similarity()
    similarity.load({liked.pk}, NOW - timedelta(days=14))

    found = lifts.lifts([OpinionRow(liked.pk, "more", NOW)], similarity, NOW)

    assert set(found) == {alike.pk}
    assert found[alike.pk].like == liked.title
