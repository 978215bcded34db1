"""Stored heat in step with signals and weights."""

import pytest

from papersite.catalogue.models import Paper, SignalWeight
from papersite.catalogue.scoring import heat_of, parts_of, rescore, weights
from papersite.catalogue.trending import DEFAULT_WEIGHTS
from tests.factories import PaperFactory

pytestmark = pytest.mark.django_db


def test_weights_are_the_defaults_until_a_curator_sets_one() -> None:
    assert weights() == DEFAULT_WEIGHTS

    SignalWeight.objects.create(signal="hf_upvotes", hours=2)

    assert weights() == {**DEFAULT_WEIGHTS, "hf_upvotes": 2}


def test_rescore_moves_only_the_papers_whose_place_changed() -> None:
    voted = PaperFactory.create(vote_count=3)
    PaperFactory.create()
    before = voted.heat
    SignalWeight.objects.create(signal="vote_count", hours=24)

    assert rescore() == (2, 1)
    assert Paper.objects.get(pk=voted.pk).heat == pytest.approx(before + 24)
    assert rescore() == (2, 0)


def test_parts_of_leaves_out_what_the_paper_does_not_have() -> None:
    parts = parts_of(PaperFactory.create(vote_count=3))

    assert [(part.signal, part.count, part.hours) for part in parts] == [("vote_count", 3, 24.0)]


def test_heat_of_counts_a_curators_boost_and_every_signal() -> None:
    plain = PaperFactory.create()
    paper = PaperFactory.create(vote_count=1, hf_upvotes=3, boost=-5)

    assert heat_of(paper, weights()) == pytest.approx(plain.heat + 12 + 12 - 5)


def test_rescore_in_batches_is_the_same() -> None:
    PaperFactory.create_batch(3)
    Paper.objects.update(heat=0)

    assert rescore(batch=2) == (3, 3)
    assert rescore(batch=2) == (3, 0)
