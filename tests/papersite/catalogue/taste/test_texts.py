"""How alike papers are in words and authors."""

import numpy as np

from papersite.catalogue.taste.texts import Gathered, Shelf, told

TOLD = {
    1: told("Clouds over mountains", authors=[7]), 2: told("Speech of whales", authors=[7, 9]),
    3: told("Protein folds", "Clouds of electrons are no clouds", [8]), 4: told("On the of and"),
}  # fmt: skip
SHELF = Shelf(TOLD)


def near(title: str, *authors: int) -> dict[int, float]:
    found = SHELF.near(Gathered.of([SHELF.vector(told(title, authors=authors))]))
    return {int(SHELF.ids[place]): float(found[place]) for place in np.flatnonzero(found)}


def test_the_same_words_are_alike_and_little_words_say_nothing() -> None:
    found = near("Clouds and mountains")

    assert set(found) == {1, 3}
    assert found[1] > found[3]
    assert near("On the of") == {}


def test_the_same_paper_is_as_alike_as_can_be() -> None:
    assert round(near("Clouds over mountains")[1], 6) == 1
    assert round(near("Clouds over mountains", 7)[1], 6) == 1.15


def test_a_common_author_makes_papers_alike_and_one_of_many_less_so() -> None:
    found = near("Lattices", 7)

    assert set(found) == {1, 2}
    assert round(found[1], 6) == 0.15 > found[2] > 0


def test_a_paper_is_less_alike_for_each_word_that_the_other_has_not() -> None:
    assert near("Clouds over mountains, lakes, rivers, oceans")[1] < near("Clouds over mountains")[1]


def test_likenesses_are_those_of_single_papers() -> None:
    liked = Gathered.of([SHELF.vector(told(title)) for title in ("Whales", "Clouds", "Lattices")])

    found, other = SHELF.likenesses([SHELF.place[1], SHELF.place[2]], liked)

    assert found[1] > 0
    assert (found[0], found[2]) == (0, 0)
    assert np.allclose(found.sum(), SHELF.near(liked)[SHELF.place[1]])
    assert np.array_equal(SHELF.held(3).weights, SHELF.vector(TOLD[3]).weights)
    assert other[0] > 0 == other[1]
    assert SHELF.likenesses([0], Gathered.of([])).shape == (1, 0)
