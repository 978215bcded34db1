"""What taste knows of the site, read once for many readers."""

from datetime import timedelta
from typing import Any

import pytest

from papersite.catalogue import reading_list, tasting, votes
from papersite.catalogue.models import Paper
from papersite.catalogue.tasting import GOOD_FOR, SiteTaste
from tests.factories import NOW, PaperFactory, UserFactory

pytestmark = pytest.mark.django_db


def numbers() -> set[int]:
    return set(Paper.objects.values_list("pk", flat=True))


def test_what_was_read_is_good_for_a_while(django_assert_num_queries: Any) -> None:
    PaperFactory.create()
    site = SiteTaste()
    held = site.refresh(numbers(), NOW)
    newer = PaperFactory.create()

    with django_assert_num_queries(0):
        assert site.refresh({newer.pk}, NOW + GOOD_FOR) is held
    later = site.refresh(numbers(), NOW + GOOD_FOR + timedelta(seconds=1))
    assert set(later.taste.shelf.place) == numbers()


def test_papers_that_readers_liked_are_read_once_and_the_oldest_are_forgotten(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(tasting, "MOST_VECTORS", 2)
    one, two, three = PaperFactory.create_batch(3)
    held = SiteTaste().refresh(numbers(), NOW)
    held.load([one.pk, two.pk])
    with django_assert_num_queries(0):
        held.load([two.pk, one.pk])
    held.load([two.pk, three.pk, 10**9])

    assert [held.has(each.pk) for each in (one, two, three)] == [False, True, True]
    assert held.gathered([one.pk, three.pk, 10**9]).size == 1
    assert set(held.titles) == {two.pk, three.pk}


def test_the_latest_of_each_reader_are_read_up_to_a_number() -> None:
    reader, other = UserFactory.create_batch(2)
    papers = PaperFactory.create_batch(4)
    for age, paper in enumerate(papers):
        reading_list.save(paper, reader, NOW - timedelta(days=age))
        votes.cast(paper, other)
    votes.take_back(papers[0], other)

    assert tasting.latest_saved([reader.pk, other.pk], 2) == {reader.pk: [papers[0].pk, papers[1].pk]}
    assert set(tasting.latest_voted([reader.pk, other.pk], 9)[other.pk]) == {one.pk for one in papers[1:]}
