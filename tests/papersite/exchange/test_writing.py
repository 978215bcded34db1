"""Rows as files that staff carry out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.exchange import reading, writing

pytestmark = pytest.mark.pure
KNOWN = ("title", "authors", "note")


def _rows(text: str) -> list[reading.Row]:
    return reading.read(text, known=KNOWN, needed=("title",)).rows


NAUGHTY = st.text(st.sampled_from("=+-@\t\r\n',;\"＝ aé"), min_size=1, max_size=8)


@given(st.lists(NAUGHTY, min_size=1, max_size=5))
def test_no_cell_is_a_formula_and_each_comes_back_as_it_was(titles: list[str]) -> None:
    written = b"".join(writing.as_csv(KNOWN, [{"title": title, "note": "n"} for title in titles]))
    assert all(writing.cell(title)[0] not in "=+-@\t\r\n＝＋－＠" for title in titles)

    assert [row.values["title"] for row in _rows(reading.decoded(written))] == titles


def test_json_comes_back_as_it_was_and_is_written_piece_by_piece() -> None:
    rows: list[dict[str, Any]] = [{"title": f"t{number}", "authors": ["a", "é"]} for number in range(450)]
    pieces = list(writing.as_json(rows))

    assert len(pieces) == 4
    assert [row.values for row in _rows(b"".join(pieces).decode())] == rows
    assert b"".join(writing.as_json([])) == b"[]\n"
