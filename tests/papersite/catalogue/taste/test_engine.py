"""Ranking for one reader from few examples."""

import math

from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.taste.engine import LEAST_READERS, Readers, Words, nearest, rank

SPOKEN = Words({
    0: "agents plan tools", 1: "agents plan routes", 2: "lattices and codes", 3: "lattices of codes",
    4: "protein folds",
    5: "speech sounds", 6: "clouds", 7: "speech models", 8: "protein structure",
})  # fmt: skip
NOBODY = Readers([])
numbers = st.lists(st.integers(-3, 12), max_size=12)


def ranked(liked: list[int], less: list[int] = [], readers: Readers = NOBODY) -> list[int]:  # noqa: B006  never changed
    return [one.paper for one in rank(liked, less, SPOKEN, readers)]


def test_one_example_brings_what_is_like_it_and_nothing_else() -> None:
    assert ranked([0]) == [1]
    assert nearest(1, [0, 2], SPOKEN) == 0
    assert nearest(6, [0, 2], SPOKEN) is None


def test_what_was_wanted_less_of_takes_away_what_is_like_it() -> None:
    assert ranked([0, 2]) == [1, 3]
    assert ranked([0, 2], [3]) == [1]


def test_opposite_opinions_on_one_paper_count_for_neither() -> None:
    assert ranked([0, 2], [2]) == [1]
    assert ranked([2], [2]) == ranked([]) == []


def test_what_others_kept_counts_from_five_readers_on() -> None:
    assert ranked([0], readers=Readers([[0, 6]] * (LEAST_READERS - 1))) == [1]
    assert set(ranked([0], readers=Readers([[0, 6]] * LEAST_READERS))) == {1, 6}
    assert Readers([[0, 6]] * LEAST_READERS).near([0], own=0) == {}


@given(numbers, numbers, st.lists(numbers, max_size=12))
def test_whatever_is_asked_nothing_comes_twice_nor_what_was_judged_and_order_is_by_score(
    liked: list[int], less: list[int], lists: list[list[int]]
) -> None:
    found = rank(liked, less, SPOKEN, Readers(lists))

    assert len({one.paper for one in found}) == len(found)
    assert not {one.paper for one in found} & {*liked, *less}
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(one.score > 0 and math.isfinite(one.score) for one in found)


@given(st.lists(numbers, max_size=12), st.integers(0, 8))
def test_meaning_that_is_no_number_changes_nothing(lists: list[list[int]], liked: int) -> None:
    readers = Readers(lists)

    assert rank([liked], [], SPOKEN, readers, alike=lambda paper: {4: math.nan}) == rank([liked], [], SPOKEN, readers)


def test_ten_thousand_likes_are_read_as_far_as_they_say_something() -> None:
    assert ranked([*range(100, 10_100), 0]) == []
    assert ranked([0, *range(100, 10_100)]) == [1]


def test_only_the_papers_asked_for_are_ranked() -> None:
    assert [one.paper for one in rank([0, 2], [], SPOKEN, NOBODY, among={3})] == [3]
