"""Ranking for one reader from few examples."""

import json
import math
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.taste.engine import Examples, Taste
from papersite.catalogue.taste.meanings import Meanings, sound
from papersite.catalogue.taste.readers import LEAST_READERS, Readers
from papersite.catalogue.taste.texts import Gathered, Shelf, told

TITLES = {
    0: "agents plan tools", 1: "agents plan routes", 2: "lattices and codes", 3: "lattices of codes",
    4: "protein folds", 5: "speech sounds", 6: "clouds", 7: "speech models", 8: "protein structure",
}  # fmt: skip
TOLD = {number: told(title) for number, title in TITLES.items()}
SHELF = Shelf(TOLD)
NOBODY = Readers([], SHELF.place)
numbers = st.lists(st.integers(-3, 12), max_size=12)
# What a broken encoder or a half-written file may leave.
loose = st.dictionaries(
    st.integers(-3, 12), st.lists(st.floats(width=32), min_size=1, max_size=3), max_size=12
)  # fmt: skip


def ranked(
    liked: list[int],
    less: Sequence[int] = (),
    readers: Readers = NOBODY,
    meanings: Meanings | None = None,
) -> list[tuple[int, float]]:
    taste, examples = Taste(SHELF, readers, meanings), Examples.of(liked, less)
    wanted, unwanted = (
        Gathered.of([SHELF.vector(TOLD[one]) for one in part if one in TOLD])
        for part in (examples.wanted, examples.unwanted)
    )
    scores = taste.scores(examples, wanted, unwanted)
    return [(int(SHELF.ids[place]), float(scores[place])) for place in taste.closest(scores, 99)]


def papers(*arguments: object) -> list[int]:
    return [paper for paper, _ in ranked(*arguments)]  # type: ignore[arg-type]


def test_one_example_brings_what_is_like_it_and_nothing_else() -> None:
    assert papers([0]) == [1]


def test_what_was_wanted_less_of_takes_away_what_is_like_it() -> None:
    assert papers([0, 2]) == [3, 1]
    assert papers([0, 2], [3]) == [1]


def test_opposite_opinions_on_one_paper_count_for_neither() -> None:
    assert papers([0, 2], [2]) == [1]
    assert papers([2], [2]) == papers([]) == []


def test_what_others_kept_counts_from_five_readers_on() -> None:
    few, enough = (Readers([[0, 6]] * count, SHELF.place) for count in (LEAST_READERS - 1, LEAST_READERS))

    assert papers([0], [], few) == [1]
    assert set(papers([0], [], enough)) == {1, 6}


def test_meaning_finds_what_no_word_says_and_words_stand_for_it_where_it_is_missing() -> None:
    vectors = {0: [1.0, 0.0], 6: [1.0, 0.1], 2: [-1.0, 0.0], 4: [-1.0, 0.2]}
    meanings = Meanings(SHELF.place, sound(vectors).of)

    assert papers([0], [], NOBODY, meanings) == [1, 6]
    assert papers([5], [], NOBODY, meanings) == [7]


@given(numbers, numbers, st.lists(numbers, max_size=12), loose)
def test_whatever_is_asked_what_was_judged_never_comes_and_order_is_by_score(
    liked: list[int], less: list[int], lists: list[list[int]], vectors: dict[int, list[float]]
) -> None:
    readers, kept = Readers(lists, SHELF.place), sound(vectors)
    found = ranked(liked, less, readers, Meanings(SHELF.place, kept.of))

    assert len(kept.of) + kept.unsound == len(vectors)
    assert len(dict(found)) == len(found)
    assert not dict(found).keys() & {*liked, *less}
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert all(score > 0 and math.isfinite(score) for _, score in found)


@given(st.permutations([0, 2, 4, 5]), st.permutations([[0, 6]] * 5 + [[2, 6, 7]] * 6), st.permutations([1, 7]))
def test_the_order_of_examples_and_of_readers_changes_nothing(
    liked: list[int], lists: list[list[int]], less: list[int]
) -> None:
    one, other = (
        ranked(liked, less, Readers(lists, SHELF.place)),
        ranked(sorted(liked), sorted(less), Readers(sorted(lists), SHELF.place)),
    )

    assert {paper: round(score, 9) for paper, score in one} == {paper: round(score, 9) for paper, score in other}


def test_ten_thousand_likes_are_read_as_far_as_they_say_something() -> None:
    assert papers([*range(100, 10_100), 0]) == []
    assert papers([0, *range(100, 10_100)]) == [1]


def test_an_empty_shelf_has_nothing() -> None:
    shelf = Shelf({})
    taste = Taste(shelf, Readers([[1, 2]] * 9, shelf.place), Meanings(shelf.place, {1: np.ones(3)}))

    assert taste.closest(taste.scores(Examples.of([1], [2]), Gathered.of([shelf.vector(told("Clouds"))])), 9) == []


@pytest.mark.long
@pytest.mark.pure
def test_words_and_lists_together_find_more_of_what_readers_kept_than_either(shared_data: Path, tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="the group “learn” is not installed")
    bench, folder = Path(__file__).parents[3] / "bench", str(tmp_path)
    for command in (["taste_set.py", folder, "--papers", "3000", "--readers", "900"], ["taste.py", folder]):
        made = [sys.executable, str(bench / command[0]), *command[1:]]
        run = subprocess.run(made, capture_output=True, text=True, check=True)
    *_, popular, spoken, kept, last = run.stdout.splitlines()
    alone = [float(line.partition(": ")[2]) for line in (popular, spoken, kept)]
    found = json.loads(last)

    assert found["readers"] == 900
    assert found["recall20"] > max(alone) > 2 * alone[0]
    assert found["recall100"] > found["recall20"]
