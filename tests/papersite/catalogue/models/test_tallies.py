"""What the kept counts tell."""

from datetime import date, timedelta

import pytest

from papersite.catalogue.models import Tally
from tests.factories import NOW, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = NOW.date()


def test_days_and_topics_of_days() -> None:
    topic = TopicFactory.create()
    PaperFactory.create_batch(2, in_topics=[topic])
    PaperFactory.create(announced_at=NOW - DAY)
    PaperFactory.create(announced_at=NOW - 9 * DAY, is_hidden=True)

    assert Tally.objects.days(TODAY - 30 * DAY, TODAY + DAY) == {TODAY - DAY: 1, TODAY: 2}
    assert Tally.objects.days(TODAY - 30 * DAY, TODAY) == {TODAY - DAY: 1}
    assert Tally.objects.topic_days(topic.pk, TODAY - DAY, TODAY + DAY) == {TODAY: 2}
    assert Tally.objects.span(TODAY, TODAY + DAY) == (TODAY - DAY, 2)
    assert Tally.objects.nearest(TODAY) == (TODAY - DAY, None)
    assert Tally.objects.nearest(date(2000, 1, 1)) == (None, TODAY - DAY)


def test_an_empty_catalogue_has_no_days() -> None:
    assert Tally.objects.span(TODAY, TODAY + DAY) == (None, 0)
    assert Tally.objects.nearest(TODAY) == (None, None)
    assert str(Tally(kind="day", target=0, day=TODAY, amount=3)) == "day 0, 2026-11-23: 3"
