"""Rows of plain values, many at once."""

from typing import Any

import pytest
from django.db import connection

from papersite.catalogue import bulk
from papersite.catalogue.models import Author

pytestmark = pytest.mark.django_db


def test_insert_writes_rows_and_leaves_those_that_are_there() -> None:
    bulk.insert(Author, ("name", "key"), [("Ada Byron", "ada byron"), ("100% 'quoted'", "odd")])
    bulk.insert(Author, ("key", "name"), [("ada byron", "Somebody else"), ("bo ek", "Bo Ek")])

    assert sorted(Author.objects.values_list("name", "key")) == [
        ("100% 'quoted'", "odd"), ("Ada Byron", "ada byron"), ("Bo Ek", "bo ek"),
    ]  # fmt: skip


def test_insert_of_nothing_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        bulk.insert(Author, ("name", "key"), iter(()))


def test_insert_of_many_is_one_statement_in_thousands(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(3):
        bulk.insert(Author, ("name", "key"), ((f"Author {number}", str(number)) for number in range(12_000)))

    assert Author.objects.count() == 12_000


def test_statistics_are_refreshed_where_the_database_plans_by_them(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 0):
        bulk.refresh_statistics((Author,))
