"""Rows of few numbers among many columns, as arrays. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Taken:
    """Some rows behind one another, and how much each holds."""

    columns: Ints
    values: Floats
    counts: Ints

    def summed(self, weights: Floats, width: int) -> Floats:
        """The sum of the rows, each times its weight, as one number a column."""
        found = np.bincount(self.columns, self.values * np.repeat(weights, self.counts), width)
        return found.astype(np.float64, copy=False)  # of nothing whole numbers come

    def counted(self, width: int) -> Ints:
        """How many of the rows have something in each column."""
        return np.bincount(self.columns, minlength=width)


@dataclass(frozen=True, slots=True)
class Rows:
    """Of each row its columns and the numbers that stand there; all rows behind one another."""

    starts: Ints
    columns: Ints
    values: Floats

    @classmethod
    def of(cls, columns: Sequence[Ints], values: Sequence[Floats]) -> "Rows":
        sizes = np.array([len(one) for one in columns], np.int64)
        if not columns:
            return cls.laid_out(sizes, np.zeros(0, np.int64), np.zeros(0))
        return cls.laid_out(sizes, np.concatenate(columns), np.concatenate(values))

    @classmethod
    def laid_out(cls, sizes: Ints, columns: Ints, values: Floats) -> "Rows":
        """Of what stands behind one another already; ``sizes`` says how much of it is each row's."""
        # Sums are counted by numbers of this size: others would be turned into them each time.
        return cls(_starts(sizes), columns.astype(np.int64, copy=False), values.astype(np.float64, copy=False))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, number: int) -> tuple[Ints, Floats]:
        part = slice(self.starts[number], self.starts[number + 1])
        return self.columns[part], self.values[part]

    def turned(self, width: int) -> "Rows":
        """The same with columns as rows."""
        order = np.argsort(self.columns, kind="stable")
        rows = np.repeat(np.arange(len(self)), np.diff(self.starts))
        return Rows(_starts(np.bincount(self.columns, minlength=width)), rows[order], self.values[order])

    def cut(self, most: int) -> "Rows":
        """Of each row the first so many."""
        sizes = np.diff(self.starts)
        is_kept = np.arange(len(self.columns)) - np.repeat(self.starts[:-1], sizes) < most
        return Rows(_starts(np.minimum(sizes, most)), self.columns[is_kept], self.values[is_kept])

    def taken(self, rows: Ints) -> Taken:
        where, counts = self._within(rows)
        return Taken(self.columns[where], self.values[where], counts)

    def counted_in(self, columns: NDArray[np.bool_], rows: Ints) -> Ints:
        """Of each of these rows, in how many of the marked columns it has something; a row for each row of marks."""
        where, counts = self._within(rows)
        summed = np.zeros((len(columns), len(where) + 1), np.int64)
        np.cumsum(columns[:, self.columns[where]], axis=1, out=summed[:, 1:])
        ends = np.cumsum(counts)
        return np.asarray(summed[:, ends] - summed[:, ends - counts], np.int64)

    def _within(self, rows: Ints) -> tuple[Ints, Ints]:
        """Where all that these rows hold stands, and how much of it is each one's."""
        counts = self.starts[rows + 1] - self.starts[rows]
        before = np.cumsum(counts) - counts
        return np.arange(counts.sum()) + np.repeat(self.starts[rows] - before, counts), counts


def _starts(sizes: Ints) -> Ints:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
