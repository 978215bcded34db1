"""Papers on one thing: the hottest comes, and the others are named beneath it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.choosing import distinct
from digest.choosing.assembly import choose, remainders
from digest.types import ALSO, Choice, Inputs, RankedFollow
from tests.conftest import examples
from tests.digest.choosing.test_assembly import ids, paper
from tests.digest.choosing.test_assembly_properties import by_heat, crowded, gathered
from tests.factories import NOW


class Told:
    """Which papers are on one thing, as a test says."""

    def __init__(self, *pairs: tuple[int, int]) -> None:
        self.near: Mapping[int, set[int]] = defaultdict(set)
        for one, other in pairs:
            self.near[one].add(other)
            self.near[other].add(one)
        self.loaded: set[int] = set()

    def load(self, paper_ids: Iterable[int]) -> None:
        self.loaded |= set(paper_ids)

    def of(self, paper_id: int) -> Collection[int]:
        return self.near[paper_id] & self.loaded

    def name(self, paper_id: int) -> str:
        return f"p{paper_id} Paper {paper_id}"


def of_heats(*heats: float, cap: int = 3, **more: Any) -> Inputs:
    """One follow of papers numbered from 1 on."""
    ranking = by_heat(paper(number, heat=heat) for number, heat in enumerate(heats, start=1))
    return Inputs(cap=cap, follows=[RankedFollow(("topic", "Agents"), ranking)], **more)


def chosen(inputs: Inputs, near: Told) -> list[Choice]:
    return distinct.choose_all({1: inputs}, near, NOW)[1]


def named(choices: list[Choice]) -> dict[int, list[int]]:
    found = {
        one.paper_id: [int(label.split()[0][1:]) for kind, label in one.reasons if kind == ALSO] for one in choices
    }
    return {paper_id: others for paper_id, others in found.items() if others}


def test_the_hottest_comes_and_the_next_paper_takes_the_place() -> None:
    found = chosen(of_heats(9, 8, 7, 6, 5), Told((1, 2), (1, 3)))

    assert (ids(found), named(found)) == ([1, 4, 5], {1: [2, 3]})
    assert found[0].reasons == (("topic", "Agents"), (ALSO, "p2 Paper 2"), (ALSO, "p3 Paper 3"))


def test_what_comes_in_their_place_may_be_on_that_thing_too() -> None:
    assert named(chosen(of_heats(9, 8, 7, 6, 5, 4, cap=2), Told((1, 2), (1, 3), (1, 4)))) == {1: [2, 3, 4]}


def test_several_things_have_their_own_lines() -> None:
    found = chosen(of_heats(9, 8, 7, 6, 5, cap=3), Told((1, 2), (3, 4)))

    assert (ids(found), named(found)) == ([1, 3, 5], {1: [2], 3: [4]})


def test_only_so_many_are_named() -> None:
    found = chosen(of_heats(*range(20, 0, -1), cap=8), Told(*((1, number) for number in range(2, 8))))

    assert named(found) == {1: [2, 3, 4]}
    assert len(found) == 8


def test_picks_all_come_whatever_they_are_on() -> None:
    inputs = of_heats(9, 8, 7, 6, cap=4)
    inputs.picks = [(paper(number, heat=1), "") for number in (5, 6)]

    found = chosen(inputs, Told((5, 6), (5, 1)))

    assert (ids(found)[:2], named(found)) == ([5, 6], {5: [1]})


def test_what_was_named_is_free_and_waits_for_another_day() -> None:
    inputs = of_heats(9, 8, cap=3)
    inputs.follows = [*inputs.follows, RankedFollow(("author", "Ada"), [paper(2, heat=8)])]

    found = chosen(inputs, Told((1, 2)))

    assert ids(found) == [1]
    assert [(one.label, one.waited) for one in remainders(inputs, found, NOW)] == [("Ada", 1), ("Agents", 0)]


@pytest.mark.parametrize("switch", ["reader", "site"])
def test_who_wants_them_apart_gets_them_apart(switch: str, settings: Any) -> None:
    settings.DIGEST_FOLDS_ALIKE = switch != "site"
    near = Told((1, 2))

    assert ids(chosen(of_heats(9, 8, folds_alike=switch != "reader"), near)) == [1, 2]
    assert not near.loaded


def test_a_mail_of_one_paper_asks_nothing() -> None:
    near = Told()
    chosen(of_heats(9, 8, cap=1), near)

    assert not near.loaded


def test_one_readers_papers_take_no_place_in_anothers_mail() -> None:
    near = Told((1, 2))
    both = {1: of_heats(9, 8, 7), 2: replace(of_heats(9, 8, 7), sent=[1])}

    found = distinct.choose_all(both, near, NOW)

    assert {pk: ids(one) for pk, one in found.items()} == {1: [1, 3], 2: [2, 3]}


pairs = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)).filter(lambda pair: pair[0] != pair[1]), max_size=25)


@examples(400)
@given(st.one_of(gathered(), crowded(), crowded(max_cap=9)), pairs)
def test_no_mail_holds_two_papers_on_one_thing_and_none_is_lost_for_it(
    inputs: Inputs, pairs: list[tuple[int, int]]
) -> None:
    apart = choose(inputs, NOW)
    near = Told(*pairs)
    found = chosen(inputs, near)
    places = {choice.paper_id: place for place, choice in enumerate(found)}
    beneath = {one for others in named(found).values() for one in others}
    picks = {choice.paper_id for choice in found if choice.is_pick}

    assert bool(found) == bool(apart)
    assert len(found) <= inputs.cap
    assert not beneath & set(ids(found))
    # All rounds are enough for so few papers, unless nearly all are on one thing.
    if len(inputs.beneath) < distinct.ROUNDS:
        for one, other in pairs:
            assert not {one, other} <= places.keys() - picks
    assert picks == {choice.paper_id for choice in apart if choice.is_pick}
    assert not beneath & {*inputs.sent, *inputs.muted, *inputs.left_out}
    heats = {one.paper_id: one.heat + _lift(inputs, one.paper_id) for one in _candidates(inputs)}
    for above, others in named(found).items():
        assert above in picks or all(heats[one] <= heats[above] for one in others)


@examples(200)
@given(gathered())
def test_without_papers_on_one_thing_the_choice_is_the_same(inputs: Inputs) -> None:
    assert chosen(inputs, Told()) == choose(inputs, NOW)


def _candidates(inputs: Inputs) -> list[Any]:
    return [*(one for follow in inputs.follows for one in follow.ranking), *(one for one, _ in inputs.picks)]


def _lift(inputs: Inputs, paper_id: int) -> float:
    return inputs.lifts[paper_id].hours if paper_id in inputs.lifts else 0.0
