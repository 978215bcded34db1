"""Scoring the catalogue by hand."""

import io

import pytest
from django.core.management import call_command

from papersite.catalogue.models import Paper, SignalWeight
from tests.factories import PaperFactory

pytestmark = pytest.mark.django_db


def test_rescore_says_how_many_moved() -> None:
    PaperFactory.create_batch(2)
    Paper.objects.filter(pk=Paper.objects.first().pk).update(heat=0)  # type: ignore[union-attr]
    output = io.StringIO()

    call_command("rescore", stdout=output)

    assert output.getvalue() == "papers=2 moved=1\n"


def test_rescore_follows_a_changed_weight() -> None:
    paper = PaperFactory.create(vote_count=1)
    SignalWeight.objects.update_or_create(signal="vote_count", defaults={"hours": 20})

    call_command("rescore", stdout=io.StringIO())

    assert Paper.objects.get().heat == pytest.approx(paper.heat + 8)
