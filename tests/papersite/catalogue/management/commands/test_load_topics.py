"""The topics and the papers that come with the site."""

import io

import pytest
from django.core.management import call_command

from papersite.catalogue import sample
from papersite.catalogue.models import Topic
from papersite.catalogue.search import language
from papersite.catalogue.sources.records import SourcePaper
from tests.factories import PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def load() -> str:
    output = io.StringIO()
    call_command("load_topics", stdout=output)
    return output.getvalue()


def test_load_topics_sorts_what_is_there_and_keeps_what_curators_changed() -> None:
    TopicFactory.create(slug="theory", name="Our theory", search="")
    paper = PaperFactory.create(title="Graph neural networks")

    assert load() == "created=40\n"
    assert load() == "created=0\n"
    assert Topic.objects.get(slug="theory").name == "Our theory"
    assert [topic.slug for topic in paper.topics.all()] == ["graph-learning"]


def test_every_topic_has_a_description_and_a_search_without_problems() -> None:
    load()

    assert Topic.objects.filter(is_catch_all=True, search="").count() == 1
    for topic in Topic.objects.filter(is_catch_all=False):
        assert topic.description
        assert language.parse(topic.search).node is not None
        assert language.parse(topic.search).problems == ()


def test_the_sample_is_235_papers_each_with_a_summary_under_known_topics() -> None:
    load()
    slugs = set(Topic.objects.values_list("slug", flat=True))
    papers = [one for one in sample.papers() if isinstance(one, SourcePaper)]

    assert len({one.title for one in papers}) == 235
    assert all(90 <= len(one.summary) <= 340 and not one.abstract for one in papers)
    assert all(one.topics and set(one.topics) <= slugs for one in papers)
    assert not any(one.arxiv_id or one.authors or one.announced_at for one in papers)
