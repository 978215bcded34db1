"""How long the longest mail of a day may become."""

import pytest

from digest.composing import size
from digest.models import EditionRevision
from tests.factories import NOW, PaperFactory

pytestmark = pytest.mark.django_db


def test_words_and_notes_are_counted_in_with_the_papers() -> None:
    papers = PaperFactory.create_batch(30)
    day = NOW.date()

    plain = size.of_longest(day, EditionRevision(), NOW)
    said = size.of_longest(day, EditionRevision(intro="i" * 1000), NOW)
    noted = size.of_longest(day, EditionRevision(picks=[[one.pk, "n" * 300, False] for one in papers[:3]]), NOW)

    assert plain < said < plain + 1100
    assert plain + 850 < noted < plain + 1000
    assert noted < size.LIMIT


def test_an_empty_catalogue_makes_no_mail() -> None:
    assert size.of_longest(NOW.date(), EditionRevision(), NOW) == 0
