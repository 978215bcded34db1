"""What the curators' page lists of a day."""

from datetime import timedelta
from typing import Any

import pytest

from digest.editions import candidates, editing, tallies
from tests.factories import NOW, EditionFactory, PaperFactory

pytestmark = pytest.mark.django_db
DAY = NOW.date()


def test_they_come_in_heat_order_with_what_was_done_to_them() -> None:
    edition = EditionFactory.create()
    cool, hot, hidden, gone = (
        PaperFactory.create(heat=heat, **fields)
        for heat, fields in ((1, {}), (9, {"hf_upvotes": 7}), (5, {"is_hidden": True}), (4, {"is_withdrawn": True}))
    )
    editing.change(edition, editing.pin(hot), by=None, now=NOW)
    editing.change(edition, editing.leave_out(cool), by=None, now=NOW)
    tallies.add(DAY, [[hot.pk], [hot.pk, cool.pk]], now=NOW)

    found = candidates.of_day(DAY, edition)

    assert [one.paper for one in found] == [hot, hidden, gone, cool]
    assert [(one.is_picked, one.is_left_out, one.may_be_picked, one.mailed) for one in found] == [
        (True, False, False, 2), (False, False, False, 0), (False, False, False, 0), (False, True, True, 1),
    ]  # fmt: skip
    assert [(part.count, part.signal) for part in found[0].parts] == [(7, "hf_upvotes")]


def test_old_papers_come_only_where_they_are_picked() -> None:
    edition = EditionFactory.create()
    old, _ = PaperFactory.create_batch(2, announced_at=NOW - timedelta(days=30))
    editing.change(edition, editing.pin(old), by=None, now=NOW)

    assert [one.paper for one in candidates.of_day(DAY, edition)] == [old]


@pytest.mark.parametrize("count", [1, 40])
def test_many_cost_as_many_queries_as_one(django_assert_num_queries: Any, count: int) -> None:
    edition = EditionFactory.create()
    PaperFactory.create_batch(count)

    with django_assert_num_queries(7):
        assert len(candidates.of_day(DAY, edition)) == min(count, candidates.LISTED)
