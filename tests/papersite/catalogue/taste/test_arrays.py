"""Rows of few numbers, as arrays."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.taste.arrays import Marks, Rows, highest

WIDTH = 5
tables = st.lists(st.dictionaries(st.integers(0, WIDTH - 1), st.integers(1, 9)), max_size=6)


@given(tables, st.data())
def test_sums_and_turns_are_those_of_the_whole_table(table: list[dict[int, int]], data: st.DataObject) -> None:
    whole = np.zeros((len(table), WIDTH))
    for number, row in enumerate(table):
        whole[number, list(row)] = list(row.values())
    chosen = np.array(data.draw(st.lists(st.integers(0, len(table) - 1)) if table else st.just([])), np.int64)
    weights = np.arange(1.0, len(chosen) + 1)
    columns = [np.array([*one], np.int32) for one in table]
    rows = Rows.of(columns, [np.array([*one.values()], np.float32) for one in table])

    assert np.array_equal(rows.summed(chosen, weights, WIDTH), weights @ whole[chosen])
    everything = np.arange(WIDTH)
    assert np.array_equal(rows.turned(WIDTH).summed(everything, np.ones(WIDTH), len(table)), whole.sum(axis=1))
    marks = Marks.laid_out(np.array([*map(len, columns)], np.int64), rows.columns.astype(np.int64))
    for one, full in ((marks, whole > 0), (marks.turned(WIDTH), whole.T > 0)):
        taken, counts = one.taken(chosen[chosen < len(one)])
        assert np.array_equal(counts, full[chosen[chosen < len(one)]].sum(axis=1))
        assert np.array_equal(np.bincount(taken, minlength=full.shape[1]), full[chosen[chosen < len(one)]].sum(axis=0))
    first = marks.cut(1)
    assert [list(first.columns_of(number)) for number in range(len(first))] == [[*one][:1] for one in table]


@given(st.lists(st.sampled_from([0.0, 0.0, -1.0, *range(1, 60)]), max_size=300), st.integers(-1, 40))
def test_the_highest_are_those_of_a_sorted_list_and_above_zero(values: list[float], size: int) -> None:
    found = highest(np.array(values, float), size)

    assert len(set(found.tolist())) == len(found)
    assert sorted(values[place] for place in found) == sorted(one for one in values if one > 0)[-size:][: max(size, 0)]
