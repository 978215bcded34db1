"""What a topic's search finds this week."""

from datetime import timedelta

import pytest

from papersite.catalogue.models import PaperTopic
from papersite.catalogue.topics import trying
from tests.factories import NOW, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_gains_and_losses_leave_out_what_sources_and_curators_decided() -> None:
    topic = TopicFactory.create()
    stays, lost, settled, gained = (
        PaperFactory.create(title=title, heat=heat)
        for title, heat in (("Graphs one", 9), ("Sound", 8), ("Graphs two", 7), ("Graphs three", 6))
    )
    PaperFactory.create(title="Graphs of old", announced_at=NOW - timedelta(days=8))
    for paper, origin in ((stays, "search"), (lost, "search"), (settled, "curator")):
        PaperTopic.objects.create(topic=topic, paper=paper, origin=origin, belongs=True)

    trial = trying.trial("graphs", topic.pk, NOW)

    assert (trial.of, trial.found, trial.gained, trial.lost) == (4, 2, 1, 1)
    assert list(trial.papers) == [(stays, ""), (gained, "gained"), (lost, "lost")]


def test_of_a_topic_that_is_new_all_is_gained() -> None:
    PaperFactory.create(title="Graphs")

    assert trying.trial("graphs", None, NOW).gained == 1
    assert trying.trial("", None, NOW).found == 0


def test_an_empty_catalogue_has_no_week() -> None:
    assert trying.papers_of_week(NOW) == []
    assert trying.trial("graphs", None, NOW).of == 0
