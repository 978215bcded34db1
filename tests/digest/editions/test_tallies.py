"""How many mails carry which paper."""

from collections import Counter
from datetime import date, timedelta

import pytest

from digest.editions import tallies
from digest.models import Tally
from tests.factories import NOW

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)


def test_mails_are_counted_by_the_papers_in_them_and_taken_back_again() -> None:
    tallies.add(DAY, [[1, 2], [2]], now=NOW, empty=3)
    tallies.add(DAY, [[1, 2]], now=NOW, sign=-1)
    tallies.add(DAY + timedelta(days=1), [[9]], now=NOW)

    found = tallies.carried(DAY)

    assert (found.mails, found.empty, found.papers) == (1, 3, Counter({2: 1}))
    assert tallies.carried(DAY, DAY + timedelta(days=1)).papers == Counter({2: 1, 9: 1})


def test_nothing_is_written_of_nothing() -> None:
    tallies.add(DAY, [], now=NOW)

    assert not Tally.objects.exists()


def test_the_rows_of_a_day_that_is_over_become_one_and_say_the_same() -> None:
    for _ in range(3):
        tallies.add(DAY, [[1], [2]], now=NOW, empty=1)
    tallies.add(DAY + timedelta(days=1), [[1]], now=NOW)
    before = tallies.carried(DAY)

    assert (tallies.fold(DAY + timedelta(days=1)), tallies.fold(DAY + timedelta(days=1))) == (2, 0)

    assert tallies.carried(DAY) == before
    assert Tally.objects.count() == 2
