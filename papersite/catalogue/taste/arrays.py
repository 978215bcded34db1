"""Rows of few numbers among many columns, as arrays. Pure.

They are asked many times for each mail: what is read is gathered in as few passes as there can be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
# Of what there is much of: half as large, twice as much of it stays near the processor.
Columns = NDArray[np.int32]
Values = NDArray[np.float32]

# Heaps lower than that are not worth the way.
_HEIGHT = 4


@dataclass(frozen=True, slots=True)
class Marks:
    """Of each row the columns that are marked in it; all rows behind one another."""

    starts: Ints
    columns: Columns

    @classmethod
    def laid_out(cls, sizes: Ints, columns: Ints) -> "Marks":
        """Of what stands behind one another already; ``sizes`` says how much of it is each row's."""
        return cls(_starts(sizes), columns.astype(np.int32))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def columns_of(self, row: int) -> Columns:
        return self.columns[self.starts[row] : self.starts[row + 1]]

    def turned(self, width: int) -> "Marks":
        """The same with columns as rows."""
        order = np.argsort(self.columns, kind="stable")
        rows = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))
        return Marks(_starts(np.bincount(self.columns, minlength=width)), rows[order])

    def cut(self, most: int) -> "Marks":
        """Of each row the first so many."""
        sizes = np.diff(self.starts)
        is_kept = np.arange(len(self.columns)) - np.repeat(self.starts[:-1], sizes) < most
        return Marks(_starts(np.minimum(sizes, most)), self.columns[is_kept])

    def taken(self, rows: Ints) -> tuple[Columns, Ints]:
        """The columns of these rows behind one another, and how many each has."""
        where, counts = _within(self.starts, rows)
        return self.columns.take(where), counts


@dataclass(frozen=True, slots=True)
class Taken:
    """Some rows behind one another, and how much each holds."""

    columns: Columns
    values: Values
    counts: Ints


@dataclass(frozen=True, slots=True)
class Rows:
    """Of each row its columns and the numbers that stand there; all rows behind one another."""

    starts: Ints
    columns: Columns
    values: Values

    @classmethod
    def of(cls, columns: Sequence[Columns], values: Sequence[Values]) -> "Rows":
        starts = _starts(np.array([len(one) for one in columns], np.int64))
        if not columns:
            return cls(starts, np.zeros(0, np.int32), np.zeros(0, np.float32))
        return cls(starts, np.concatenate(columns), np.concatenate(values))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, number: int) -> tuple[Columns, Values]:
        part = slice(self.starts[number], self.starts[number + 1])
        return self.columns[part], self.values[part]

    def turned(self, width: int) -> "Rows":
        """The same with columns as rows."""
        order = np.argsort(self.columns, kind="stable")
        rows = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))
        return Rows(_starts(np.bincount(self.columns, minlength=width)), rows[order], self.values[order])

    def taken(self, rows: Ints) -> Taken:
        where, counts = _within(self.starts, rows)
        return Taken(self.columns.take(where), self.values.take(where), counts)

    def summed(self, rows: Ints, weights: Floats, width: int) -> Floats:
        """The sum of these rows, each times its weight, as one number a column."""
        taken = self.taken(rows)
        return sums(taken.columns, taken.values * weights.repeat(taken.counts), width)


def sums(columns: Columns, values: Floats, width: int) -> Floats:
    """The sum of the values of each column."""
    found = np.bincount(columns, values, width)
    return found.astype(np.float64, copy=False)  # of nothing whole numbers come


def highest(values: Floats, size: int) -> Ints:
    """Where the highest of those above zero stand, in any order: so many, or all where there are no more."""
    if size <= 0:
        return np.zeros(0, np.intp)
    least = 0.0
    height = len(values) // (2 * size)
    if height >= _HEIGHT:
        # The highest of many heaps: so many of them are no lower than this, and few values are.
        tops = values[: height * 2 * size].reshape(height, 2 * size).max(axis=0)
        tops.partition(size)
        least = tops[size]
    # Where truths stand is found several times as fast as where numbers do.
    found = np.flatnonzero(values >= least if least > 0 else values > 0)
    if len(found) > size:
        left_out = len(found) - size
        found = found.take(values.take(found).argpartition(left_out - 1)[left_out:])
    return found


def _within(starts: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Where all that these rows hold stands, and how much of it is each one's."""
    first = starts.take(rows)
    counts = starts.take(rows + 1) - first
    ends = counts.cumsum()
    where = (first - ends + counts).repeat(counts)
    where += np.arange(len(where))
    return where, counts


def _starts(sizes: Ints) -> Ints:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
