"""Learning what readers want."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from papersite.catalogue.promise import learning
from papersite.catalogue.promise.learning import TooLittle, judged_days, learn, learn_and_measure, measure_of
from papersite.catalogue.promise.model import Measure, loads
from tests.papersite.catalogue.promise.made_up import FIRST, examples

LAST = FIRST + timedelta(days=40)


@pytest.mark.long
def test_it_finds_again_what_readers_wanted_and_says_by_which_words() -> None:
    pytest.importorskip("sklearn", reason="the group learn is not installed")
    past = examples()

    model, before = learn_and_measure(past, LAST)

    assert before is not None
    assert model.measure == pytest.approx((28, 0.5, 1.0, 0.1))
    assert model.measure.beats_chance
    assert loads(model.dumps()).promise(past[0].seen).doublings > 2
    assert "benchmark of" not in model.promise(past[0].seen).why
    assert {"agents", "benchmark"} & set(model.promise(past[0].seen).why.replace(",", "").split())
    assert model.promise(past[1].seen) == (0.0, "")


def test_nothing_is_learned_from_the_days_judged_or_after() -> None:
    pytest.importorskip("sklearn", reason="the group learn is not installed")
    past = examples(days=6)
    day = FIRST + timedelta(days=4)
    turned = [replace(one, wanted_on=None if one.wanted_on else one.day) if one.day >= day else one for one in past]

    assert learn(past, day) == learn(turned, day)
    assert learn(past, day).wanted.keys().isdisjoint({"helper 150 0", "helper 200 0"})


@pytest.mark.parametrize("wanted", [None, FIRST], ids=["no labels", "one class"])
def test_where_all_are_alike_there_is_nothing_to_learn(wanted: date | None) -> None:
    alike = [replace(one, wanted_on=wanted) for one in examples(days=2)]

    with pytest.raises(TooLittle, match="there must be some of both"):
        learn(alike, LAST)
    with pytest.raises(TooLittle):
        learn([], LAST)


def test_days_are_judged_that_have_enough_papers_and_enough_that_were_wanted() -> None:
    past = examples(days=2)
    few = [one for one in past if one.day == FIRST][:49]
    unwanted = [one for one in past if one.day > FIRST and one.wanted_on is None]

    assert [len(papers) for papers in judged_days(past)] == [50, 50]
    assert judged_days(few + unwanted) == []
    assert measure_of(few, lambda seen: 1) == Measure(0, 0.0, 0.0, 0.0)


def test_a_measure_is_of_the_first_ten_and_of_the_first_tenth() -> None:
    found = measure_of(examples(days=1), lambda seen: -len(seen.title) if "agents" in seen.title else -1000)

    assert found == Measure(1, 0.5, 1.0, 0.1)


def test_words_that_are_rare_are_forgotten_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "MOST_COUNTED", 4)
    counted = Counter({"often": 9, "twice": 2, "also": 2, "once": 1, "rare": 1})

    learning._forget_the_rare(counted)

    assert counted == {"often": 9}
