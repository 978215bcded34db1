"""What readers with like lists kept: in sums that tell nothing of one person."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.taste.readers import LEAST_READERS, MOST_OF_A_LIST, Readers

PLACE = {paper: paper for paper in range(8)}
lists = st.lists(st.lists(st.integers(0, 12), max_size=8), max_size=20)


@given(lists, st.lists(st.integers(0, 12), max_size=5))
def test_nothing_comes_of_fewer_than_five_readers(kept: list[list[int]], liked: list[int]) -> None:
    found = Readers(kept, PLACE).near(liked)

    for paper in np.flatnonzero(found):
        assert sum(paper in one and bool({*one} & {*liked}) for one in kept) >= LEAST_READERS


@given(lists, st.integers(0, 12), st.integers(0, 12))
def test_readers_who_kept_both_are_counted_from_five_on(kept: list[list[int]], one: int, other: int) -> None:
    both = sum(one in held and other in held for held in kept)

    assert Readers(kept, PLACE).together([one], [other, 99]).tolist() == [[both if both >= LEAST_READERS else 0, 0]]


def test_ones_own_list_says_nothing_and_a_short_list_says_more_than_a_long_one() -> None:
    short, long = [0, 1], [0, 2, 3, 4, 5, 6, 7]
    readers = Readers([short] * LEAST_READERS + [long] * LEAST_READERS, PLACE)

    assert readers.near([0])[1] > readers.near([0])[2] > 0
    assert readers.near([0], own=0)[1] == 0
    assert not readers.near([99]).any()


def test_of_an_endless_list_a_part_is_read() -> None:
    readers = Readers([range(20 * MOST_OF_A_LIST)] * LEAST_READERS, {20 * MOST_OF_A_LIST - 1: 0})

    assert list(readers.near([20 * MOST_OF_A_LIST - 2]) > 0) == [True]
    assert not readers.near([0]).any()
