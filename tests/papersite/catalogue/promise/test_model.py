"""A learned model at work, and what is made of a file that is none."""

import json
import math
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.promise.model import Measure, Model, Unfit, loads
from papersite.catalogue.promise.sight import Seen
from papersite.catalogue.trending import MOST_PROMISE

MODEL = Model(
    learned_on=date(2026, 11, 22),
    learned_from=1000,
    measure=Measure(20, 0.4, 0.6, 0.05),
    base=0.05,
    bias=-5.5,
    title={"agents": (2.0, 3.0), "the agents": (3.0, 1.0), "lattices": (2.0, -3.0)},
    abstract={"benchmark": (2.0, 1.5), "the": (1.0, 2.0)},
    marks={"wanted at most": 0.5, "colon": 0.1},
    wanted={"ada": 3},
)


def written(**changes: Any) -> str:
    return json.dumps(json.loads(MODEL.dumps()) | changes)


def test_a_promise_names_the_words_that_speak_for_it_and_the_authors() -> None:
    found = MODEL.promise(Seen("The agents", "the benchmark", authors=["ada"]))

    assert 1 < found.doublings < MOST_PROMISE
    assert found.why == "agents, benchmark, its authors"


def test_a_promise_names_no_word_that_says_nothing_of_its_paper() -> None:
    words = dict.fromkeys(["through", "towards", "one", "makes", "unlocking", "towards agents", "agents"], (2.0, 3.0))

    found = replace(MODEL, title=words).promise(Seen("Unlocking what one makes: towards agents through larks"))

    assert found.why == "agents"


def test_a_promise_names_its_words_as_the_paper_writes_short_ones() -> None:
    model = replace(MODEL, title={"rl": (2.0, 3.0), "video": (2.0, 2.0), "gpt-4": (2.0, 1.0)})

    assert model.promise(Seen("Video and RL", "We ask GPT-4 of rl.")).why == "RL, video"
    assert model.promise(Seen("On GPT-4 and rl", "RL")).why == "rl, GPT-4"


def test_great_names_count_for_half_a_doubling_at_most() -> None:
    famous = replace(MODEL, wanted={"ada": 10**6})
    nobody, ada = Seen("The agents", "the benchmark"), Seen("The agents", "the benchmark", authors=["ada"])

    lifted = famous.promise(ada).doublings - famous.promise(nobody).doublings

    assert famous.odds(ada) - famous.odds(nobody) > 2
    assert 0.3 < lifted <= 0.5


@pytest.mark.parametrize("title", ["Lattices", "", "🦆"])
def test_what_nothing_speaks_for_promises_nothing(title: str) -> None:
    assert MODEL.promise(Seen(title)) == (0.0, "")


def test_a_model_is_read_as_it_was_written() -> None:
    assert loads(MODEL.dumps()) == MODEL


@given(st.text(), st.text(), st.lists(st.text()), st.floats(-1e300, 1e300), st.floats(-1e300, 1e300))
def test_whatever_it_learned_a_promise_is_within_its_bounds(
    title: str, abstract: str, authors: list[str], bias: float, weight: float
) -> None:
    model = replace(MODEL, bias=bias, title={"agents": (weight, weight)})

    found = model.promise(Seen(f"agents {title}", abstract, authors=authors))

    assert 0 <= found.doublings <= MOST_PROMISE
    assert math.isfinite(found.doublings)


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", MODEL.dumps()[:-200], written(version=2), written(base=0), written(bias="x"),
        written(title={"agents": [1]}), written(marks=[]), written(learned_on="yesterday"), written(measure=None),
        written(bias=float("nan")), written(title={"agents": [1, float("inf")]}), written(wanted={"a": None}),
    ],
    ids=range(15),
)  # fmt: skip
def test_a_file_that_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(Unfit):
        loads(text)


@pytest.mark.parametrize(
    ("measure", "beats"),
    [
        (Measure(20, 0.10, 0.2, 0.05), True), (Measure(20, 0.09, 0.2, 0.05), False),
        (Measure(4, 0.9, 0.9, 0.05), False),
        (Measure(0, 0.0, 0.0, 0.0), False),
    ],
    ids=["twice", "less than twice", "too few days", "no days"],
)  # fmt: skip
def test_it_may_speak_once_it_is_twice_as_good_as_chance(measure: Measure, beats: bool) -> None:
    assert measure.beats_chance is beats
