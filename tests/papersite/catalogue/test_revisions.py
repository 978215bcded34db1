"""Which papers changed, told to every index."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from django.db import connection, connections, transaction

from papersite.catalogue import revisions
from papersite.catalogue.models import (
    Paper,
    Revision,
)
from papersite.catalogue.search.writing import Report
from tests.factories import PaperFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]
Index = Callable[[], Report]
URL = "https://github.com/a/b"


def test_nothing_is_marked_in_the_beginning() -> None:
    assert revisions.latest() == 0
    assert list(revisions.since(0, 10)) == []


def test_what_is_marked_gets_the_number_of_the_next_round() -> None:
    revisions.mark([5, 3, 5])
    first = revisions.latest()
    revisions.mark([4])
    second = revisions.latest()

    assert (first, second) == (1, 2)
    assert list(revisions.since(0, first)) == [3, 5]
    assert list(revisions.since(first, second)) == [4]
    assert list(revisions.since(0, second)) == [3, 5, 4]
    assert list(revisions.since(second, second)) == []


def test_the_number_stays_while_nothing_is_marked() -> None:
    revisions.mark([1])

    assert [revisions.latest() for _ in range(3)] == [1, 1, 1]


def test_what_is_marked_again_comes_again_and_only_once() -> None:
    revisions.mark([1, 2])
    first = revisions.latest()
    revisions.mark([1])
    second = revisions.latest()

    assert list(revisions.since(first, second)) == [1]
    assert list(revisions.since(0, second)) == [2, 1]


def test_marking_nothing_is_nothing() -> None:
    revisions.mark([])

    assert Revision.objects.count() == 0


def test_mark_takes_any_number_of_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "ROWS_A_STATEMENT", 3)

    revisions.mark(range(1, 11))

    assert list(revisions.since(0, revisions.latest())) == list(range(1, 11))


def test_mark_is_one_statement_however_many_papers(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        revisions.mark([1])
    with django_assert_num_queries(1):
        revisions.mark(range(1, 1000))


def test_mark_all_marks_what_a_query_finds_without_fetching_it(django_assert_num_queries: Any) -> None:
    papers = PaperFactory.create_batch(3)
    PaperFactory.create(is_hidden=True)
    revisions.mark([papers[0].pk])

    with django_assert_num_queries(1):
        revisions.mark_all(Paper.objects.visible())

    assert list(revisions.since(0, revisions.latest())) == [paper.pk for paper in papers]


@pytest.mark.parametrize("papers", ["none", "nowhere"])
def test_mark_all_of_no_papers_is_nothing(papers: str) -> None:
    PaperFactory.create()

    revisions.mark_all(Paper.objects.none() if papers == "none" else Paper.objects.filter(title="nowhere"))

    assert Revision.objects.count() == 0


def test_what_is_undone_is_not_marked() -> None:
    with transaction.atomic():
        revisions.mark([1])
        transaction.set_rollback(True)

    assert list(revisions.since(0, revisions.latest())) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time; PostgreSQL has many")
@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_has_not_committed_yet_is_not_lost() -> None:
    numbers = []

    def read() -> None:
        numbers.append(revisions.latest())
        connections.close_all()

    revisions.mark([1, 2])
    with transaction.atomic():
        revisions.mark([2, 3])
        thread = Thread(target=read)
        thread.start()
        thread.join(10)
        assert numbers == [1]
    later = revisions.latest()

    assert later == 2
    assert list(revisions.since(1, later)) == [2, 3]
