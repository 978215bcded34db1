"""Readers' opinions."""

import pytest

from digest.following import opinions
from digest.models import Opinion, Subscription
from tests.factories import NOW, PaperFactory


@pytest.mark.django_db
def test_another_word_on_the_same_paper_takes_the_place_of_the_first(subscription: Subscription) -> None:
    paper = PaperFactory.create()

    for kind in ("more", "less", "less"):
        opinions.give(subscription, paper, kind, NOW)

    assert [opinion.kind for opinion in Opinion.objects.all()] == ["less"]
    opinions.take_back(subscription, paper)
    opinions.take_back(subscription, paper)
    assert not Opinion.objects.exists()
