"""What is typed, with plain signs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.search.typed import as_typed, without, without_sort


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("„graph nets“", '"graph nets"'),
        ("‘graph nets’", '"graph nets"'),
        ("``graph nets''", '"graph nets"'),
        ("don’t ‘stop", "don’t ‘stop"),
        ("speech –video", "speech -video"),
        ("Roe et al. 2026", "Roe 2026"),
    ],
)
def test_quotes_and_signs_are_plain(text: str, plain: str) -> None:
    assert as_typed(text) == plain


@given(st.text())
def test_whatever_is_typed_is_read(text: str) -> None:
    assert isinstance(as_typed(text), str)


@pytest.mark.parametrize(
    ("text", "rest"),
    [("graph topic:agents", "graph"), ("Topic:Agents graph", "graph"), ("topic:agents-2 x", "topic:agents-2 x")],
)
def test_without_takes_one_filter_away(text: str, rest: str) -> None:
    assert without(text, "topic:agents") == rest


def test_without_sort_takes_every_order_away() -> None:
    assert without_sort("sort:new graph Sort:hot") == "graph"
