"""A JSON array, entry by entry."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.sources import json_list
from papersite.catalogue.sources.records import SourceError

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def entries(text: str, size: int = 3) -> list[Any]:
    pieces = (text[start : start + size] for start in range(0, len(text), size))
    return list(json_list.entries(pieces, origin="list"))


@given(st.lists(values, max_size=5), st.integers(1, 20), st.sampled_from([None, 2]))
def test_entries_are_those_of_the_array_however_its_text_is_cut(
    array: list[Any], size: int, indent: int | None
) -> None:
    assert entries(json.dumps(array, indent=indent), size) == array


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "{}", "<html>", "[", "[1", "[1,", "[1 2]", "[1,]", '[{"a": ', '["\\ud8', "[1] x", "[tru]",
        "[" * 100_000, f"[{'9' * 5000}]",
    ],
)  # fmt: skip
def test_what_is_no_array_or_cut_short_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(SourceError, match=r"^list: ") as caught:
        entries(text, 1000)
    assert len(str(caught.value).splitlines()) == 1


def test_an_entry_that_never_ends_is_given_up() -> None:
    read = 0

    def pieces() -> Iterator[str]:
        nonlocal read
        yield '["'
        while True:
            read += 1
            yield "x" * 100_000

    with pytest.raises(SourceError, match="not JSON, or cut short"):
        list(json_list.entries(pieces(), origin="list"))
    assert read * 100_000 < 4 * json_list.MAX_ENTRY


@given(st.text(max_size=200))
def test_garbage_raises_nothing_but_its_own_error(text: str) -> None:
    with pytest.raises(SourceError):
        entries("[" + text + "\x01")
