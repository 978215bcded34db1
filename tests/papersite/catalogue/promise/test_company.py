"""Who stands among the first ten."""

from datetime import timedelta

import pytest

from papersite.catalogue.promise.company import compare
from tests.papersite.catalogue.promise.made_up import FIRST, examples

SCORES = {"with promise": lambda seen: len(seen.authors), "by length": lambda seen: -len(seen.title)}


def test_it_tells_topics_and_newcomers_with_and_without() -> None:
    past = examples(days=3)
    found = compare(past, [one for one in past if one.day >= FIRST + timedelta(days=2)], SCORES)

    promised = found["with promise"]
    assert (promised.commonest, promised.of_commonest, promised.categories) == ("cs.AI", 1.0, 1.0)
    assert promised.first_time == pytest.approx(0.0)
    assert found["if all that was wanted were"].unproven >= found["with promise"].first_time
    assert "cs.AI 100%" in str(promised)
    assert set(SCORES) < set(found)


def test_without_days_there_is_nothing_to_tell() -> None:
    assert compare([], [], SCORES) == {}
