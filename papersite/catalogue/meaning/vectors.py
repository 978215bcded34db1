"""A vector for each paper, as int8 in one file that every process maps into memory.

A page of JSON that says what is inside, then blocks of 1,024 papers. A paper's place is its number, so that
nothing is looked up, one is written over in place, and what was never written is a hole in the file. In each
block stand first the signs of all numbers, a bit each, which are read whole to find what is near, then of
each paper the stamp of its text (0 where there is no vector), a check sum, and the vector itself.
"""

import json
import os
import weakref
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import batched
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = 1
ROWS = 1024
HEAD = 4096
# Of the papers whose signs are most alike so many are compared by their numbers.
LOOKED_AT = 4000
# One in so many says how likely others are.
_EVERY = 64
_LARGEST = 127

Matrix = NDArray[np.float32]


class Damaged(Exception):
    """This is no file of vectors, or of another kind."""


@dataclass(frozen=True)
class Shape:
    """What a file holds: vectors of so many numbers, made by that model."""

    dimension: int
    model: str

    @cached_property
    def block(self) -> np.dtype[Any]:
        words = -(-self.dimension // 64)
        return np.dtype(
            [
                ("signs", "<u8", (ROWS, words)),
                ("stamp", "<u8", (ROWS,)),
                ("check", "<u4", (ROWS,)),
                ("vector", "i1", (ROWS, self.dimension)),
            ]
        )

    def head(self) -> bytes:
        told = {"format": FORMAT, "dimension": self.dimension, "rows": ROWS, "model": self.model}
        return json.dumps(told).encode().ljust(HEAD)

    def blocks_in(self, size: int) -> int:
        """How many whole blocks a file of that size has: what was cut off is not there."""
        return max(0, size - HEAD) // self.block.itemsize


def read_shape(path: Path) -> Shape:
    """Raises Damaged, and OSError where there is no file."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    try:
        told = json.loads(head)
        if (told["format"], told["rows"]) != (FORMAT, ROWS) or not 0 < told["dimension"] <= 8192:
            raise Damaged(f"{path.name} is of another format")
        return Shape(int(told["dimension"]), str(told["model"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{path.name} does not begin as a file of vectors does") from error


def packed(vectors: Matrix) -> NDArray[np.int8]:
    """Vectors as int8; the largest number of each is 127, and only directions are compared."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    return np.rint(vectors * (_LARGEST / np.where(largest > 0, largest, 1))).astype(np.int8)


def signs_of(vectors: NDArray[Any]) -> NDArray[np.uint64]:
    """One bit a number: whether it is above zero."""
    bits = np.packbits(vectors > 0, axis=1)
    width = -(-vectors.shape[1] // 64) * 8
    return np.pad(bits, ((0, 0), (0, width - bits.shape[1]))).view("<u8")


def check_of(paper_id: int, stamp: int, vector: NDArray[np.int8]) -> int:
    return zlib.crc32(vector.tobytes(), zlib.crc32(f"{paper_id} {stamp}".encode()))


class Vectors:
    """A file of vectors that is read. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Raises Damaged, and OSError where there is no file."""
        self.path = path
        self.shape = read_shape(path)
        self._file = os.open(path, os.O_RDONLY)
        self.close = weakref.finalize(self, os.close, self._file)
        self.inode = os.fstat(self._file).st_ino
        self._held = self._mapped()

    def of(self, paper_ids: Sequence[int]) -> tuple[list[int], Matrix]:
        """Those of these papers that have a sound vector, and their vectors, of length 1."""
        blocks = self._newest()
        rows = [one for one in paper_ids if 0 <= one < len(blocks) * ROWS]
        if not rows:
            return [], np.zeros((0, self.shape.dimension), np.float32)
        places = np.array(rows)
        number, row = places // ROWS, places % ROWS
        stamps, checks = blocks["stamp"][number, row], blocks["check"][number, row]
        vectors = blocks["vector"][number, row]
        sound = [
            place
            for place, (one, stamp, check) in enumerate(zip(rows, stamps.tolist(), checks.tolist(), strict=True))
            if stamp and check == check_of(one, stamp, vectors[place])
        ]
        found = vectors[sound].astype(np.float32)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return [rows[place] for place in sound], found / np.where(lengths > 0, lengths, 1)

    def nearest(self, vector: NDArray[np.float32], size: int) -> list[tuple[int, float]]:
        """Papers close to a vector of length 1, the closest first, each with how close: 1 is the same."""
        blocks = self._newest()
        if not len(blocks):
            return []
        is_there = blocks["stamp"].reshape(-1) != 0
        apart = _bits_apart(blocks, signs_of(vector[None])[0])
        apart[~is_there] = np.inf
        count = min(max(LOOKED_AT, 2 * size), int(np.count_nonzero(is_there)))
        if not count:
            return []
        likeliest = np.sort(_lowest(apart, count))
        # Only what comes out is held against its check sum, which takes longer than to compare it.
        rows = blocks["vector"][likeliest // ROWS, likeliest % ROWS].astype(np.float32)
        lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
        close = np.einsum("ij,j->i", rows, vector) / np.where(lengths > 0, lengths, 1)
        order = np.argsort(-close, kind="stable")
        found: list[tuple[int, float]] = []
        for some in batched(likeliest[order].tolist(), max(size, 1), strict=False):
            ids, sound = self.of(some)
            found += zip(ids, np.einsum("ij,j->i", sound, vector).tolist(), strict=True)
            if len(found) >= size:
                break
        return found[:size]

    def stamps(self) -> NDArray[np.uint64]:
        """By papers' numbers: the stamp of the text that each vector is of, 0 where there is none."""
        return self._newest()["stamp"].reshape(-1).copy()

    def damaged(self) -> list[int]:
        """The papers whose vectors are not what was written."""
        blocks = self._newest()
        return [
            number * ROWS + int(row)
            for number, block in enumerate(blocks)
            for row in np.flatnonzero(block["stamp"])
            if int(block["check"][row])
            != check_of(number * ROWS + int(row), int(block["stamp"][row]), block["vector"][row])
        ]

    def _newest(self) -> NDArray[Any]:
        """The file as it is now: it grows, and to read what was cut off would end the process."""
        held = self._held
        if self.shape.blocks_in(os.fstat(self._file).st_size) != len(held):
            held = self._held = self._mapped()
        return held

    def _mapped(self) -> NDArray[Any]:
        count = self.shape.blocks_in(os.fstat(self._file).st_size)
        if not count:
            return np.zeros((0,), self.shape.block)
        held = mmap(self._file, HEAD + count * self.shape.block.itemsize, access=ACCESS_READ)
        return np.frombuffer(held, self.shape.block, count, HEAD)


def _bits_apart(blocks: NDArray[Any], signs: NDArray[np.uint64]) -> NDArray[np.float32]:
    """How many signs of each paper differ, a block at a time, which stays in the processor's cache."""
    apart = np.empty((len(blocks), ROWS), np.float32)
    held = blocks["signs"]
    asked = np.tile(signs, (ROWS, 1))
    differing, counts = np.empty_like(asked), np.empty(asked.shape, np.uint8)
    counted, ones = np.empty(asked.shape, np.float32), np.ones(len(signs), np.float32)
    for number in range(len(blocks)):
        np.bitwise_xor(held[number], asked, out=differing)
        np.bitwise_count(differing, out=counts)
        # Rows so short are summed much faster as a product.
        counted[:] = counts
        np.dot(counted, ones, out=apart[number])
    return apart.reshape(-1)


def _lowest(values: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Where the so many lowest stand, in any order."""
    if count >= len(values):
        return np.arange(len(values))
    # A part of them says how low these are, so that most are looked at once.
    part = values[::_EVERY]
    place = min(2 * count // _EVERY + _EVERY, len(part) - 1)
    low = np.flatnonzero(values <= np.partition(part, place)[place])
    if len(low) < count:
        low = np.arange(len(values))
    return low[np.argpartition(values[low], count - 1)[:count]]


class VectorFile:
    """The same file as its one writer has it. What is written is seen by readers at once."""

    def __init__(self, path: Path, shape: Shape) -> None:
        """Opens it; one that is missing, damaged at its head or of another kind is begun anew."""
        self.path = path
        self.shape = shape
        self.is_new = not _is_of(path, shape)
        if self.is_new:
            beside = path.with_name(f"{path.name}.new")
            beside.write_bytes(shape.head())
            beside.replace(path)
        self._file = os.open(path, os.O_RDWR)

    def put(self, paper_id: int, stamp: int, vector: NDArray[np.int8]) -> None:
        """Raises OSError, such as where the disk is full."""
        self._grow(paper_id)
        self._write(paper_id, "vector", vector.tobytes())
        self._write(paper_id, "signs", signs_of(vector[None]).tobytes())
        self._write(paper_id, "check", np.uint32(check_of(paper_id, stamp, vector)).astype("<u4").tobytes())
        self._write(paper_id, "stamp", np.uint64(stamp).astype("<u8").tobytes())

    def remove(self, paper_id: int) -> bool:
        """Whether there was one."""
        if not self.stamp(paper_id):
            return False
        self._write(paper_id, "stamp", bytes(8))
        return True

    def stamp(self, paper_id: int) -> int:
        if paper_id // ROWS >= self.blocks:
            return 0
        return int.from_bytes(os.pread(self._file, 8, self._place(paper_id, "stamp")), "little")

    @property
    def blocks(self) -> int:
        return self.shape.blocks_in(os.fstat(self._file).st_size)

    def keep(self) -> None:
        """From now on what was put survives the machine."""
        os.fsync(self._file)

    def close(self) -> None:
        os.close(self._file)

    def _grow(self, paper_id: int) -> None:
        wanted = HEAD + (paper_id // ROWS + 1) * self.shape.block.itemsize
        if os.fstat(self._file).st_size < wanted:
            os.ftruncate(self._file, wanted)

    def _write(self, paper_id: int, name: str, written: bytes) -> None:
        os.pwrite(self._file, written, self._place(paper_id, name))

    def _place(self, paper_id: int, name: str) -> int:
        number, row = divmod(paper_id, ROWS)
        fields = self.shape.block.fields
        assert fields is not None
        column, offset = fields[name][:2]
        return HEAD + number * self.shape.block.itemsize + offset + row * (column.itemsize // ROWS)


def _is_of(path: Path, shape: Shape) -> bool:
    try:
        return read_shape(path) == shape
    except (OSError, Damaged):
        return False


@contextmanager
def opened(path: Path) -> Iterator[Vectors]:
    """Raises Damaged, and OSError where there is no file."""
    held = Vectors(path)
    try:
        yield held
    finally:
        held.close()
