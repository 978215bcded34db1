"""What a file would do."""

import pytest

from papersite.exchange.changes import CHANGED, Change, counts, differences, fingerprint

pytestmark = pytest.mark.pure


def test_what_would_be_done_is_told_apart_by_a_fingerprint() -> None:
    one = [Change("line 2", "Graphs", CHANGED, [("name", "a", "b")]), Change("line 3").refuse("It is no object.")]
    same = [Change("line 2", "Graphs", CHANGED, [("name", "a", "b")]), Change("line 3").refuse("It is no object.")]
    other = [Change("line 2", "Graphs", CHANGED, [("name", "c", "b")]), Change("line 3").refuse("It is no object.")]

    assert fingerprint(one) == fingerprint(same) != fingerprint(other)
    assert counts(one) == {"new": 0, "changed": 1, "same": 0, "refused": 1}


def test_differences_are_of_what_is_another_value_afterwards() -> None:
    assert differences({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "4", "d": ""}) == [("b", "2", "4")]
