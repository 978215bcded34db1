"""What topics brought lately."""

from datetime import timedelta
from typing import Any

import pytest

from papersite.catalogue.topics import weeks
from tests.factories import NOW, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_each_topic_has_its_days_and_the_hottest_of_the_week(django_assert_num_queries: Any) -> None:
    graphs, sound, quiet = TopicFactory.create_batch(3)
    hot = PaperFactory.create(title="Hot", in_topics=[graphs, sound], hf_upvotes=50)
    PaperFactory.create_batch(3, in_topics=[graphs])
    PaperFactory.create(in_topics=[graphs], hf_upvotes=900, is_hidden=True)
    PaperFactory.create(in_topics=[graphs], hf_upvotes=900, announced_at=NOW - timedelta(days=9))

    with django_assert_num_queries(2):
        found = weeks.of_topics(NOW)
    with django_assert_num_queries(0):
        assert weeks.of_topics(NOW) == found

    assert (found[graphs.pk].title, found[graphs.pk].address) == ("Hot", hot.get_absolute_url())
    assert found[graphs.pk].points.endswith("100,0")
    assert "31,15" in found[graphs.pk].points
    assert found[sound.pk].title == "Hot"
    assert quiet.pk not in found
