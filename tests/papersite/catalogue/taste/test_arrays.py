"""Rows of few numbers, as arrays."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.taste.arrays import Rows

WIDTH = 5
tables = st.lists(st.dictionaries(st.integers(0, WIDTH - 1), st.integers(1, 9)), max_size=6)


@given(tables, st.data())
def test_sums_and_turns_are_those_of_the_whole_table(table: list[dict[int, int]], data: st.DataObject) -> None:
    whole = np.zeros((len(table), WIDTH))
    for number, row in enumerate(table):
        whole[number, list(row)] = list(row.values())
    chosen = np.array(data.draw(st.lists(st.integers(0, len(table) - 1)) if table else st.just([])), np.int64)
    weights = np.arange(1.0, len(chosen) + 1)
    rows = Rows.of([np.array([*one], np.int64) for one in table], [np.array([*one.values()], float) for one in table])

    assert np.array_equal(rows.taken(chosen).summed(weights, WIDTH), weights @ whole[chosen])
    assert np.array_equal(rows.taken(chosen).counted(WIDTH), (whole[chosen] > 0).sum(axis=0))
    some = np.arange(WIDTH) % 2 == 0
    assert np.array_equal(rows.counted_in(some[None, :], chosen)[0], (whole[chosen][:, some] > 0).sum(axis=1))
    everything = np.arange(WIDTH)
    assert np.array_equal(rows.turned(WIDTH).taken(everything).summed(np.ones(WIDTH), len(table)), whole.sum(axis=1))
    one_each = rows.cut(1)
    assert [len(one_each.row(number)[0]) for number in range(len(table))] == [min(len(one), 1) for one in table]
    assert all(list(one_each.row(number)[0]) == [*one][:1] for number, one in enumerate(table))
