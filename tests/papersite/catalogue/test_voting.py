"""Votes: one a reader, counted on the paper, and warming it."""

import pytest

from papersite.catalogue import voting
from papersite.catalogue.models import Paper, SignalWeight, Vote
from tests.factories import PaperFactory, UserFactory

pytestmark = pytest.mark.django_db


def counted(paper: Paper) -> tuple[int, int]:
    return Paper.objects.get(pk=paper.pk).vote_count, Vote.objects.filter(paper=paper).count()


def test_cast_twice_is_one_vote_and_warms_the_paper() -> None:
    paper, reader = PaperFactory.create(), UserFactory.create()

    voting.cast(paper, reader)
    voting.cast(paper, reader)

    assert counted(paper) == (1, 1)
    assert Paper.objects.get().heat == pytest.approx(paper.heat + 12)


def test_take_back_twice_leaves_nothing_of_it() -> None:
    paper, reader = PaperFactory.create(), UserFactory.create()
    voting.cast(paper, reader)

    voting.take_back(paper, reader)
    voting.take_back(paper, reader)

    assert counted(paper) == (0, 0)
    assert Paper.objects.get().heat == pytest.approx(paper.heat)


def test_papers_voted_for_are_the_readers_own() -> None:
    mine, theirs = PaperFactory.create_batch(2)
    reader = UserFactory.create()
    voting.cast(mine, reader)
    voting.cast(theirs, UserFactory.create())

    assert voting.papers_voted_for(reader, [mine, theirs]) == {mine.pk}


def test_take_back_leaves_the_votes_of_others() -> None:
    paper, reader, other = PaperFactory.create(), UserFactory.create(), UserFactory.create()
    voting.cast(paper, reader)
    voting.cast(paper, other)

    voting.take_back(paper, reader)

    assert counted(paper) == (1, 1)
    assert voting.papers_voted_for(other, [paper]) == {paper.pk}


def test_cast_warms_by_the_weight_that_curators_set() -> None:
    SignalWeight.objects.create(signal="vote_count", hours=2)
    paper = PaperFactory.create()

    voting.cast(paper, UserFactory.create())

    assert Paper.objects.get().heat == pytest.approx(paper.heat + 2)
