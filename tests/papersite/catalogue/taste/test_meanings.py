"""Vectors beside words, and what is wrong with some."""

import math

import numpy as np

from papersite.catalogue.taste.meanings import Meanings, sound


def test_what_is_no_number_no_direction_or_of_another_length_is_left_out_and_counted() -> None:
    vectors = {1: [1.0, 0.0], 2: [math.nan, 1.0], 3: [math.inf, 1.0], 4: [0.0, 0.0], 5: [1.0], 6: [0.0, 2.0]}

    found = sound(vectors)

    assert (sorted(found.of), found.unsound) == ([1, 6], 4)
    assert sound({}).of == {}


def test_likeness_is_told_beyond_what_all_have_in_common() -> None:
    vectors = sound({1: [9.0, 1.0], 2: [9.0, 0.9], 3: [9.0, -1.0]}).of
    meanings = Meanings({1: 0, 2: 1, 3: 2, 4: 3}, vectors)
    meanings.add(sound({8: [9.0, 1.1]}).of)
    meanings.add(sound({9: [1.0, 2.0, 3.0]}).of)

    found = meanings.near([8, 9, 77])

    assert found[0] > 0.9
    assert (found[2], found[3]) == (0, 0)
    assert np.allclose(meanings.likenesses(1, [8, 9])[1], 0)
    assert meanings.likenesses(1, [8])[0] > 0.9
    assert not meanings.likenesses(3, [8]).any()


def test_where_a_paper_has_no_vector_its_words_stand_for_both() -> None:
    meanings = Meanings({1: 0, 2: 1}, sound({1: [1.0, 0.0], 8: [1.0, 0.0]}).of)

    assert list(meanings.beside(np.array([1.0, 1.0]), [8], 1.0)) == [2.0, 2.0]
    assert list(meanings.beside(np.array([1.0, 1.0]), [77], 1.0)) == [1.0, 1.0]
