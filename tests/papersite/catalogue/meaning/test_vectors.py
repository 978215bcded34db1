"""The file of vectors, as it is written and read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.meaning.vectors import (
    HEAD,
    ROWS,
    Damaged,
    Shape,
    VectorFile,
    Vectors,
    packed,
)
from tests.conftest import examples

SHAPE = Shape(70, "a-model")
CHANCE = np.random.default_rng(5)


def unit(count: int, dimension: int = 70) -> Any:
    rows = CHANCE.standard_normal((count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[VectorFile]:
    one = VectorFile(tmp_path / "vectors", SHAPE)
    yield one
    one.close()


def put(file: VectorFile, *numbers: int) -> Any:
    rows = unit(len(numbers))
    for number, vector in zip(numbers, packed(rows), strict=True):
        file.put(number, 7, vector)
    return rows


def test_what_was_written_is_read_at_once_by_who_reads_already(file: VectorFile) -> None:
    held = Vectors(file.path)
    assert held.of([1, 2])[0] == []

    rows = put(file, 1, 5000)
    ids, found = held.of([5000, 2, 1, -4, 10**12])

    assert ids == [5000, 1]
    assert np.abs(found - rows[[1, 0]]).max() < 0.01
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1])


def test_what_was_removed_is_gone(file: VectorFile) -> None:
    put(file, 3, 4)

    assert (file.remove(3), file.remove(3), file.remove(10**6)) == (True, False, False)
    assert Vectors(file.path).of([3, 4])[0] == [4]


def test_nearest_finds_the_closest_first(file: VectorFile) -> None:
    rows = put(file, *range(1, 3000))
    file.remove(41)
    asked = rows[40] + 0.1 * rows[99]
    asked /= np.linalg.norm(asked)

    found = Vectors(file.path).nearest(asked, 5)

    exact = sorted(
        ((float(row @ asked), number) for number, row in enumerate(rows, start=1) if number != 41), reverse=True
    )
    # The first stands apart; of the others some may be as close as a byte can tell.
    assert found[0][0] == exact[0][1]
    assert {paper for paper, _ in found} <= {number for close, number in exact if close >= exact[4][0] - 0.02}
    assert [close for _, close in found] == pytest.approx([close for close, _ in exact[:5]], abs=0.02)


def test_nearest_in_an_empty_file_is_nothing(file: VectorFile) -> None:
    held = Vectors(file.path)
    assert held.nearest(unit(1)[0], 3) == []
    put(file, 1)
    file.remove(1)
    assert held.nearest(unit(1)[0], 3) == []


def test_a_vector_that_was_damaged_is_none_and_is_named(file: VectorFile) -> None:
    put(file, 1, 2, 3)
    with file.path.open("r+b") as raw:
        fields = SHAPE.block.fields
        assert fields is not None
        raw.seek(HEAD + fields["vector"][1] + 2 * 70 + 10)
        raw.write(b"\x55\x55\x55")
    held = Vectors(file.path)

    assert held.of([1, 2, 3])[0] == [1, 3]
    assert held.damaged() == [2]
    assert {paper for paper, _ in held.nearest(unit(1)[0], 9)} == {1, 3}


@pytest.mark.parametrize(
    "left", [HEAD - 1, HEAD, HEAD + 5, HEAD + SHAPE.block.itemsize, HEAD + SHAPE.block.itemsize + 99]
)
def test_a_file_that_is_cut_off_while_it_is_read_has_what_is_left(file: VectorFile, left: int) -> None:
    put(file, 1, ROWS + 1)
    held = Vectors(file.path)
    assert held.of([1, ROWS + 1])[0] == [1, ROWS + 1]

    with file.path.open("r+b") as raw:
        raw.truncate(left)

    assert held.of([1, ROWS + 1])[0] == ([1] if left >= HEAD + SHAPE.block.itemsize else [])
    assert held.nearest(unit(1)[0], 3)[1:] == []


@pytest.mark.parametrize(
    "head", [b"", b"{}", b"nothing", b'{"format": 99, "rows": 1024, "dimension": 3, "model": ""}', b"\x00" * HEAD]
)
def test_a_file_of_another_kind_is_refused_and_begun_anew_by_its_writer(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "vectors"
    path.write_bytes(head)
    with pytest.raises(Damaged):
        Vectors(path)

    file = VectorFile(path, SHAPE)
    file.close()

    assert file.is_new
    assert Vectors(path).shape == SHAPE


def test_a_file_of_another_dimension_or_model_is_begun_anew(file: VectorFile) -> None:
    put(file, 1)
    for shape, is_new in ((SHAPE, False), (Shape(71, "a-model"), True), (Shape(71, "another"), True)):
        other = VectorFile(file.path, shape)
        other.close()
        assert other.is_new is is_new


@examples(100)
@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=80))
def test_packing_keeps_the_direction(numbers: list[float]) -> None:
    row = np.array([numbers], np.float32)
    if np.abs(row).max() < 1e-3:
        return
    found = packed(row).astype(np.float32)

    cosine = float((found @ row.T)[0, 0] / (np.linalg.norm(found) * np.linalg.norm(row)))
    assert cosine > 0.99
