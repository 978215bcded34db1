"""Votes: one a reader, counted on the paper, and warming it."""

from typing import Any

import pytest

from papersite.catalogue import votes
from papersite.catalogue.models import Paper, SignalWeight, Vote
from tests.factories import PaperFactory, UserFactory

pytestmark = pytest.mark.django_db


def counted(paper: Paper) -> tuple[int, int]:
    return Paper.objects.get(pk=paper.pk).vote_count, Vote.objects.standing().filter(paper=paper).count()


def test_cast_twice_is_one_vote_and_warms_the_paper() -> None:
    paper, reader = PaperFactory.create(), UserFactory.create()

    votes.cast(paper, reader)
    votes.cast(paper, reader)

    assert counted(paper) == (1, 1)
    assert Paper.objects.get().heat == pytest.approx(paper.heat + 12)


def test_take_back_twice_leaves_nothing_of_it() -> None:
    paper, reader = PaperFactory.create(), UserFactory.create()
    votes.cast(paper, reader)

    votes.take_back(paper, reader)
    votes.take_back(paper, reader)

    assert counted(paper) == (0, 0)
    assert Paper.objects.get().heat == pytest.approx(paper.heat)


def test_papers_voted_for_are_the_readers_own() -> None:
    mine, theirs = PaperFactory.create_batch(2)
    reader = UserFactory.create()
    votes.cast(mine, reader)
    votes.cast(theirs, UserFactory.create())

    assert votes.papers_voted_for(reader, [mine, theirs]) == {mine.pk}


def test_take_back_leaves_the_votes_of_others() -> None:
    paper, reader, other = PaperFactory.create(), UserFactory.create(), UserFactory.create()
    votes.cast(paper, reader)
    votes.cast(paper, other)

    votes.take_back(paper, reader)

    assert counted(paper) == (1, 1)
    assert votes.papers_voted_for(other, [paper]) == {paper.pk}


def test_cast_warms_by_the_weight_that_curators_set() -> None:
    SignalWeight.objects.update_or_create(signal="vote_count", defaults={"hours": 2})
    paper = PaperFactory.create()

    votes.cast(paper, UserFactory.create())

    assert Paper.objects.get().heat == pytest.approx(paper.heat + 2)


def test_toggling_for_ever_is_one_vote_of_its_first_day() -> None:
    paper, reader = PaperFactory.create(), UserFactory.create()
    votes.cast(paper, reader)
    first = Vote.objects.get().voted_at

    for _ in range(5):
        votes.take_back(paper, reader)
        votes.cast(paper, reader)

    assert counted(paper) == (1, 1)
    assert Vote.objects.get().voted_at == first
    assert Paper.objects.get().heat == pytest.approx(paper.heat + 12)


def test_a_burst_from_one_network_moves_the_order_like_a_few() -> None:
    paper = PaperFactory.create()

    for _ in range(10):
        votes.cast(paper, UserFactory.create(), address="192.0.2.7")
    votes.cast(paper, UserFactory.create(), address="192.0.3.8")

    assert counted(paper) == (votes.COUNTED_FROM_ONE_NETWORK + 1, votes.COUNTED_FROM_ONE_NETWORK + 1)
    assert Vote.objects.count() == 11


def test_no_address_is_kept() -> None:
    votes.cast(PaperFactory.create(), UserFactory.create(), address="192.0.2.7")

    assert "192.0.2.7" not in str(Vote.objects.values().get())


def test_one_network_votes_for_other_papers_as_it_likes() -> None:
    papers = PaperFactory.create_batch(6)
    reader = UserFactory.create()

    for paper in papers:
        votes.cast(paper, reader, address="192.0.2.7")

    assert {counted(paper) for paper in papers} == {(1, 1)}


def test_a_hidden_paper_takes_no_votes() -> None:
    paper = PaperFactory.create(is_hidden=True)

    with pytest.raises(Paper.DoesNotExist):
        votes.cast(paper, UserFactory.create())
    assert Vote.objects.count() == 0


def test_a_curator_decides_which_votes_count() -> None:
    paper = PaperFactory.create()
    votes.cast(paper, UserFactory.create())

    votes.set_counted(list(Vote.objects.all()), is_counted=False)
    assert counted(paper) == (0, 0)
    votes.set_counted(list(Vote.objects.all()), is_counted=True)
    assert counted(paper) == (1, 1)


@pytest.mark.parametrize("count", [0, 20])
def test_a_vote_is_a_few_statements_however_many_there_are(count: int, django_assert_num_queries: Any) -> None:
    paper = PaperFactory.create()
    for _ in range(count):
        votes.cast(paper, UserFactory.create())

    reader = UserFactory.create()
    with django_assert_num_queries(10):
        votes.cast(paper, reader, address="192.0.2.7")
