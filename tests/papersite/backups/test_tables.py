"""Rows as plain values: each table after those it refers to, and the same checksum for the same rows."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from accounts.models import User
from digest.models import HighWaterMark, MailedPaper, Subscription
from papersite.backups import tables
from tests.factories import PaperFactory, SubscriptionFactory


def test_every_table_comes_after_those_that_it_refers_to() -> None:
    order = tables.models()

    assert len(order) > 50
    for place, model in enumerate(order):
        for field in model._meta.local_fields:
            assert not field.related_model or field.related_model is model or field.related_model in order[:place]


def test_the_same_values_have_the_same_sum_in_any_order_and_from_either_driver() -> None:
    moment = datetime(2026, 11, 23, 12, tzinfo=UTC)
    here = [(1, moment, b"x", {"a": 1, "b": [2]}), (2, None, "y", 0.1)]
    there = [
        (2, None, "y", 0.1),
        (1, moment.astimezone(timezone(timedelta(hours=5))), memoryview(b"x"), {"b": [2], "a": 1}),
    ]

    assert tables.checksum(here) == tables.checksum(there)
    assert tables.checksum(here)[0] == 2
    assert tables.checksum(here) != tables.checksum([*here[:1], (2, None, "y", 0.2)])
    assert tables.checksum([]) == (0, "0" * 64)


def test_tables_of_numbers_can_be_taken_up_where_they_were_left() -> None:
    assert tables.has_numbers(User)
    assert tables.has_numbers(MailedPaper)
    assert not tables.has_numbers(HighWaterMark)


@pytest.mark.django_db
def test_rows_are_those_of_the_table_in_the_order_of_their_columns() -> None:
    subscription = SubscriptionFactory.create()
    PaperFactory.create()

    (row,) = tables.rows(Subscription, "default")

    assert dict(zip(tables.columns(Subscription), row, strict=True))["reader_id"] == subscription.reader_id
    assert list(tables.rows(Subscription, "default", after=subscription.pk)) == []
