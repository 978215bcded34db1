"""Papers under topics: by search, by category, by the source, and by a curator's word above all."""

import pytest

from papersite.catalogue.classification import classify_all, classify_papers, documents, keep_source_topics
from papersite.catalogue.models import PaperTopic
from tests.factories import CategoryFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def rows() -> list[tuple[str, str, str, bool]]:
    found = PaperTopic.objects.order_by("paper__title", "topic__name")
    return list(found.values_list("paper__title", "origin", "why", "belongs"))


def test_classify_finds_by_search_and_says_why() -> None:
    TopicFactory.create(search='sound OR "graph networks"')
    paper = PaperFactory.create(title="Graph networks")
    PaperFactory.create(title="Other")

    classify_all()

    assert rows() == [("Graph networks", "search", "graph networks", True)]
    assert list(paper.topics.all()) != []


def test_classify_finds_by_category() -> None:
    category = CategoryFactory.create(code="cs.LG")
    TopicFactory.create().categories.add(category)
    PaperFactory.create(title="In it").categories.add(category)
    PaperFactory.create(title="Not in it")

    classify_all()

    assert rows() == [("In it", "search", "category cs.lg", True)]


def test_classify_again_changes_nothing() -> None:
    TopicFactory.create(search="graph")
    PaperFactory.create(title="Graph networks")
    classify_all()
    before = list(PaperTopic.objects.values_list("pk", flat=True))

    classify_all()

    assert list(PaperTopic.objects.values_list("pk", flat=True)) == before


def test_classify_takes_back_what_no_longer_matches() -> None:
    topic = TopicFactory.create(search="graph")
    PaperFactory.create(title="Graph networks")
    classify_all()
    topic.search = "sound"
    topic.save()

    classify_all([topic])

    assert rows() == []


@pytest.mark.parametrize("belongs", [True, False])
def test_classify_leaves_a_curators_word_alone(belongs: bool) -> None:
    topic = TopicFactory.create(search="graph" if not belongs else "sound")
    paper = PaperFactory.create(title="Graph networks")
    PaperTopic.objects.create(paper=paper, topic=topic, belongs=belongs, origin="curator")

    classify_papers([paper.pk])

    assert rows() == [("Graph networks", "curator", "", belongs)]


def test_keep_source_topics_leaves_out_slugs_nobody_knows() -> None:
    TopicFactory.create(slug="graphs")
    paper = PaperFactory.create(title="Graph networks")

    assert keep_source_topics({paper.pk: ["graphs", "unheard-of"]}) == {paper.pk}
    assert keep_source_topics({paper.pk: ["graphs"]}) == set()
    assert rows() == [("Graph networks", "source", "", True)]


def test_an_empty_search_takes_no_paper() -> None:
    TopicFactory.create(search="")
    PaperFactory.create()

    assert classify_all() == 1
    assert rows() == []


def test_documents_cost_the_same_queries_for_one_and_for_thirty(django_assert_num_queries: object) -> None:
    ids = [paper.pk for paper in PaperFactory.create_batch(30)]

    for some in (ids[:1], ids):
        with django_assert_num_queries(4):  # type: ignore[operator]
            documents(some)


def test_a_curators_word_outlives_the_source_and_the_search_together() -> None:
    topic = TopicFactory.create(slug="graphs", search="graph")
    paper = PaperFactory.create(title="Graph networks")
    PaperTopic.objects.create(paper=paper, topic=topic, belongs=False, origin="curator")

    keep_source_topics({paper.pk: ["graphs"]})
    classify_all()

    assert rows() == [("Graph networks", "curator", "", False)]


def test_what_the_source_named_stays_where_the_search_finds_nothing() -> None:
    TopicFactory.create(slug="graphs", search="sound")
    keep_source_topics({PaperFactory.create(title="Graph networks").pk: ["graphs"]})

    classify_all()

    assert rows() == [("Graph networks", "source", "", True)]


def test_a_source_that_names_a_topic_outranks_the_search_that_found_it() -> None:
    TopicFactory.create(slug="graphs", search="graph")
    paper = PaperFactory.create(title="Graph networks")
    classify_all()

    assert keep_source_topics({paper.pk: ["graphs"]}) == {paper.pk}
    assert rows() == [("Graph networks", "source", "", True)]


def test_classify_papers_leaves_other_papers_alone() -> None:
    TopicFactory.create(search="paper")
    PaperFactory.create(title="Another paper")

    classify_papers([PaperFactory.create(title="This paper").pk])

    assert rows() == [("This paper", "search", "paper", True)]
