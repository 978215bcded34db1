"""Sorting the catalogue by hand."""

import io

import pytest
from django.core.management import call_command

from papersite.catalogue.models import PaperTopic
from tests.factories import PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_classify_sorts_every_paper() -> None:
    TopicFactory.create(search="paper")
    PaperFactory.create_batch(3)
    output = io.StringIO()

    call_command("classify", stdout=output)

    assert (output.getvalue(), PaperTopic.objects.count()) == ("papers=3\n", 3)


def test_classify_leaves_a_curators_word_alone() -> None:
    topic = TopicFactory.create(search="paper")
    PaperTopic.objects.create(paper=PaperFactory.create(), topic=topic, belongs=False, origin="curator")

    call_command("classify", stdout=io.StringIO())

    assert list(PaperTopic.objects.values_list("origin", "belongs")) == [("curator", False)]
