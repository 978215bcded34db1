"""Rows of plain values, many at once."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from papersite.catalogue.database import bulk
from papersite.catalogue.models import Author, Paper
from tests.factories import NOW

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


def test_create_saves_as_django_does_and_gives_numbers() -> None:
    def papers(prefix: str) -> list[Paper]:
        return [
            Paper(content_key=f"{prefix}1", title="One", keywords=["a"], submitted_at=NOW, hf_upvotes=None),
            Paper(content_key=f"{prefix}2", title="Zwei", versions=[["1", "2026"]], hf_upvotes=3, is_hidden=True),
        ]

    ours, theirs = papers("a"), Paper.objects.bulk_create(papers("b"))
    bulk.create(ours)

    left_out = {"id", "content_key", "added_at", "announced_at"}
    for one, other in zip(ours, theirs, strict=True):
        saved = [Paper.objects.filter(pk=paper.pk).values().get() for paper in (one, other)]
        assert [{key: value for key, value in row.items() if key not in left_out} for row in saved] == [
            {key: value for key, value in saved[0].items() if key not in left_out}
        ] * 2
        assert one.added_at is not None
        one.title = "Changed"
        one.save()
    assert Paper.objects.filter(title="Changed").count() == 2


def test_create_of_many_takes_few_statements_and_keeps_to_the_rules(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(2):
        bulk.create([Paper(content_key=str(number), title=str(number)) for number in range(1000)])
    assert sorted(Paper.objects.values_list("title", "content_key")) == sorted((str(n), str(n)) for n in range(1000))

    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.create([Paper(content_key="fine", title="Fine"), Paper(content_key="7", title="There already")])
    assert not Paper.objects.filter(content_key="fine").exists()
    bulk.create([])


def test_maker_makes_what_the_model_makes() -> None:
    new_paper = bulk.maker(Paper)
    one, other, plain = new_paper(), new_paper(), Paper()

    compared = [
        field.attname for field in Paper._meta.concrete_fields if field.name not in ("added_at", "announced_at")
    ]
    assert {name: getattr(one, name) for name in compared} == {name: getattr(plain, name) for name in compared}
    one.keywords.append("graphs")
    assert (other.keywords, one._state.adding) == ([], True)


def test_numbers_finds_the_rows_of_texts() -> None:
    bulk.insert(Author, ("name", "key"), [("Ada Byron", "ada byron"), ("Ø", "ø'\"\\")])

    found = bulk.numbers(Author, "key", ["ada byron", "ø'\"\\", "nobody"])

    assert found == dict(Author.objects.values_list("key", "pk"))
    assert bulk.numbers(Author, "key", []) == {}


@pytest.mark.parametrize("name", ["tab\tand\nline", "back\\slash \\N", '{"a": [1]}', "{braces},", "100 %s"])
def test_what_a_database_reads_as_a_sign_stays_a_text(name: str) -> None:
    bulk.insert(Author, ("name", "key"), [(name, name)])
    bulk.create([Paper(content_key="k", title=name, abstract=name, keywords=[name])])

    assert Author.objects.get().name == name
    assert Paper.objects.values_list("title", "abstract", "keywords").get() == (name, name, [name])
