"""Rows of few numbers among many columns, as arrays. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Of each row its columns and the numbers that stand there; all rows behind one another."""

    starts: NDArray[np.int64]
    columns: Ints
    values: Floats

    @classmethod
    def of(cls, columns: Sequence[Ints], values: Sequence[Floats]) -> "Rows":
        starts = np.zeros(len(columns) + 1, np.int64)
        np.cumsum([len(one) for one in columns], out=starts[1:])
        if not columns:
            return cls(starts, np.zeros(0, np.int32), np.zeros(0))
        return cls(starts, np.concatenate(columns).astype(np.int32), np.concatenate(values).astype(np.float64))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, number: int) -> tuple[Ints, Floats]:
        part = slice(self.starts[number], self.starts[number + 1])
        return self.columns[part], self.values[part]

    def turned(self, width: int) -> "Rows":
        """The same with columns as rows."""
        order = np.argsort(self.columns, kind="stable")
        starts = np.zeros(width + 1, np.int64)
        np.cumsum(np.bincount(self.columns, minlength=width), out=starts[1:])
        rows = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))
        return Rows(starts, rows[order], self.values[order])

    def summed(self, rows: NDArray[np.int64], weights: Floats, width: int) -> Floats:
        """The sum of these rows, each times its weight, as one number a column."""
        where, counts = self._within(rows)
        found = np.bincount(self.columns[where], self.values[where] * np.repeat(weights, counts), width)
        return found.astype(np.float64)  # of nothing whole numbers come

    def counted(self, rows: NDArray[np.int64], width: int) -> NDArray[np.int64]:
        """How many of these rows have something in each column."""
        return np.bincount(self.columns[self._within(rows)[0]], minlength=width)

    def counted_in(self, columns: NDArray[np.bool_], rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Of each of these rows, in how many of the marked columns it has something; a row for each row of marks."""
        where, counts = self._within(rows)
        summed = np.zeros((len(columns), len(where) + 1), np.int64)
        np.cumsum(columns[:, self.columns[where]], axis=1, out=summed[:, 1:])
        ends = np.cumsum(counts)
        return np.asarray(summed[:, ends] - summed[:, ends - counts], np.int64)

    def _within(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where all that these rows hold stands, and how much of it is each one's."""
        counts = self.starts[rows + 1] - self.starts[rows]
        before = np.cumsum(counts) - counts
        return np.arange(counts.sum()) + np.repeat(self.starts[rows] - before, counts), counts
