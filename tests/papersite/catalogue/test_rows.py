"""What stands beside the papers of a list."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from papersite.catalogue import reading_list, rows, votes
from papersite.catalogue.models import Paper
from papersite.catalogue.templatetags.authors import few_authors
from tests.factories import NOW, AuthorFactory, PaperFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()


def completed(author: int | None = None) -> dict[str, Any]:
    """All papers by their titles, as a list has them."""
    papers = list(rows.of(Paper.objects.all()))
    rows.complete(papers, STRANGER, author=author)
    return {paper.title: paper for paper in papers}


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 6, 7, 40])
def test_a_row_says_the_same_of_few_authors_as_of_all(count: int) -> None:
    authors = AuthorFactory.create_batch(count)
    PaperFactory.create(title="It", by=authors)
    PaperFactory.create(title="Another", by=authors[:1])
    (whole,) = Paper.objects.for_cards().filter(title="It")

    for marked in (None, *(author.pk for author in authors)):
        paper = completed(marked)["It"]
        assert len(paper.row_names.by_place) <= rows.FIRST + rows.LAST + 1
        assert few_authors(paper, marked) == few_authors(whole, marked)


def test_a_gap_between_places_loses_nobody() -> None:
    authors = AuthorFactory.create_batch(8)
    paper = PaperFactory.create(title="It", by=authors)
    paper.authorships.filter(position__in=[1, 2, 3]).delete()

    line = few_authors(completed()["It"])

    assert f">{authors[0].name}</a>" in line
    assert f">{authors[7].name}</a>" in line
    assert line.count("<a ") + int("… 1 more" in line) + 2 * ("… 2 more" in line) + 3 * ("… 3 more" in line) == 5


def test_topics_stand_by_name_without_what_takes_the_rest_and_what_a_curator_kept_out() -> None:
    late, early = TopicFactory.create(name="Sound"), TopicFactory.create(name="Graphs")
    rest, other = TopicFactory.create(name="All", is_catch_all=True), TopicFactory.create(name="Maths")
    paper = PaperFactory.create(title="It", in_topics=[late, early, rest])
    paper.paper_topics.create(topic=other, belongs=False, origin="curator")
    PaperFactory.create(title="Of none")

    found = completed()

    assert [row.topic.name for row in found["It"].shown_topics] == ["Graphs", "Sound"]
    assert found["Of none"].shown_topics == []


def test_marks_are_the_readers_own_and_all_comes_with_one_query(reader: User, django_assert_num_queries: Any) -> None:
    mine, saved, theirs, taken_back = PaperFactory.create_batch(4)
    votes.cast(mine, reader)
    votes.cast(taken_back, reader)
    votes.take_back(taken_back, reader)
    votes.cast(theirs, UserFactory.create())
    reading_list.save(saved, reader, NOW)
    reading_list.save(theirs, UserFactory.create(), NOW)
    papers = list(rows.of(Paper.objects.all()))

    with django_assert_num_queries(1):
        marks = rows.complete(papers, reader)

    assert marks == rows.Marks(frozenset({mine.pk}), frozenset({saved.pk}))
    with django_assert_num_queries(1):
        assert rows.complete(papers, STRANGER) == rows.Marks()
    with django_assert_num_queries(0):
        assert rows.complete([], reader) == rows.Marks()
