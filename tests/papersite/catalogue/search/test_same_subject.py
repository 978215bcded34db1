"""Papers on one thing, by their words."""

from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.search.same_subject import Compared, Rarity, alike
from tests.conftest import examples

ONE = (
    "Length bias in group relative policy optimisation",
    ("We show that group relative policy optimisation rewards long wrong answers, and mend its normalisation."),
)
OTHER = (
    "Group relative policy optimisation without length bias",
    ("Long wrong answers are rewarded by the normalisation of group relative policy optimisation; we mend it."),
)
FAR = "Radiata pine branches seen by drones", "Stereo vision finds branches that need pruning."
COUNT = 100_000


RARE = Rarity(lambda _: 20, COUNT)


def test_papers_that_say_the_same_in_other_order_are_on_one_thing() -> None:
    compared = Compared()

    assert [compared.add(number, *text, RARE) for number, text in enumerate((ONE, FAR, OTHER))] == [[], [], [0]]


def test_words_that_all_papers_have_tell_nothing() -> None:
    compared, common = Compared(), Rarity(lambda _: COUNT // 2, COUNT)

    assert [compared.add(number, *ONE, common) for number in (1, 2)] == [[], []]


def test_a_paper_without_words_is_on_nothing() -> None:
    compared = Compared()

    assert [compared.add(number, "图", "", RARE) for number in (1, 2)] == [[], []]


NEXT = (
    "Length bias of reward models in dialogue",
    ("Reward models of dialogue prefer long answers. We measure their length bias and how readers judge."),
)
BY_TWO, BY_OTHERS = (7, 8, 9), (8, 10)


def test_two_papers_of_one_group_are_on_one_thing_with_fewer_words_in_common() -> None:
    compared = Compared()
    # As it is with people of one name: one author in common makes no group.
    papers = [(ONE, BY_TWO), (NEXT, BY_OTHERS), (NEXT, ()), (NEXT, (9, 7, 11)), (FAR, BY_TWO)]

    found = [compared.add(number, *text, RARE, authors) for number, (text, authors) in enumerate(papers)]

    assert found[1] == []
    assert 0 not in found[2]
    assert 0 in found[3]
    assert found[4] == []


def test_a_group_that_shares_common_words_alone_is_on_nothing() -> None:
    compared, common = Compared(), Rarity(lambda _: COUNT // 2, COUNT)

    assert [compared.add(number, *ONE, common, BY_TWO) for number in (1, 2)] == [[], []]


weights = st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1), max_size=6)


@examples(100)
@given(weights, weights)
def test_alike_is_the_same_from_both_sides(one: dict[str, float], other: dict[str, float]) -> None:
    assert abs(alike(one, other) - alike(other, one)) < 1e-9
