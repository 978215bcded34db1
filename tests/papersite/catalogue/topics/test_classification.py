"""Papers under topics: by search, by category, by the source, and by a curator's word above all."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from papersite.catalogue.models import Paper, PaperTopic
from papersite.catalogue.search import documents, matching
from papersite.catalogue.topics import classification
from papersite.catalogue.topics.classification import classify_all, classify_papers, keep_source_topics, sorters
from tests.factories import AuthorFactory, CategoryFactory, PaperFactory, TopicFactory

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


def verdicts(*papers: Paper) -> list[dict[int, str]]:
    """What each topic says of these papers."""
    held = documents.of(paper.pk for paper in papers)
    categories = {one.paper_id: frozenset(map(str.casefold, one.categories)) for one in held}
    return [sorter.verdicts(matching.Papers(held, names=False), categories) for sorter in sorters()]


def test_verdicts_name_what_in_a_paper_belongs_to_a_topic() -> None:
    category = CategoryFactory.create(code="cs.LG")
    TopicFactory.create(name="a", search="sound OR graph")
    TopicFactory.create(name="b", search="-sound")
    TopicFactory.create(name="c").categories.add(category)
    TopicFactory.create(name="d", search="nowhere")
    graph, other = PaperFactory.create(title="Graphs"), PaperFactory.create(title="Other")
    other.categories.add(category)

    assert verdicts(graph, other) == [
        {graph.pk: "graph"}, {graph.pk: "its search", other.pk: "its search"}, {other.pk: "category cs.lg"}, {},
    ]  # fmt: skip


def test_a_topic_is_about_a_subject_and_not_about_its_authors() -> None:
    TopicFactory.create(search="hinton")
    TopicFactory.create(search="author:hinton")
    paper = PaperFactory.create(by=[AuthorFactory.create(name="Geoffrey Hinton")])

    assert verdicts(paper) == [{}, {paper.pk: "hinton"}]


@pytest.mark.parametrize("count", [1, 30])
def test_classify_costs_the_same_queries_for_one_and_for_thirty(count: int, django_assert_num_queries: Any) -> None:
    TopicFactory.create(search="paper")
    TopicFactory.create(search="sound")
    ids = [paper.pk for paper in PaperFactory.create_batch(count)]

    with django_assert_num_queries(12):
        classify_papers(ids)

    assert PaperTopic.objects.count() == count


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


def rest_of(paper: Paper) -> list[tuple[str, str]]:
    return list(PaperTopic.objects.filter(paper=paper, topic__is_catch_all=True).values_list("origin", "why"))


def test_what_belongs_nowhere_goes_to_the_topic_that_takes_the_rest() -> None:
    TopicFactory.create(search="graph")
    TopicFactory.create(is_catch_all=True)
    graph, other = PaperFactory.create(title="Graphs"), PaperFactory.create(title="Sounds")

    classification.classify_all()

    assert (rest_of(graph), rest_of(other)) == ([], [("search", "no other topic")])


def test_the_rest_follows_when_a_topic_changes() -> None:
    topic = TopicFactory.create(search="graph")
    TopicFactory.create(is_catch_all=True)
    graph, sound = PaperFactory.create(title="Graphs"), PaperFactory.create(title="Sounds")
    classification.classify_all()

    topic.search = "sound"
    topic.save()
    classification.classify_all([topic])

    assert (rest_of(graph), rest_of(sound)) == ([("search", "no other topic")], [])


def test_a_curator_keeps_a_paper_in_the_rest_or_out_of_it() -> None:
    rest = TopicFactory.create(is_catch_all=True)
    paper = PaperFactory.create()
    PaperTopic.objects.create(paper=paper, topic=rest, origin="curator", belongs=False)

    classification.classify_all()

    assert list(PaperTopic.objects.values_list("origin", "belongs")) == [("curator", False)]


def test_only_one_topic_takes_the_rest() -> None:
    TopicFactory.create(is_catch_all=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        TopicFactory.create(is_catch_all=True)


def test_classify_pending_sorts_what_changed_and_nothing_twice(django_assert_num_queries: Any) -> None:
    TopicFactory.create(search="graph")
    papers = [PaperFactory.create(title=f"Graphs {number}") for number in range(3)]

    assert classification.classify_pending() == 3
    with django_assert_num_queries(1):
        assert classification.classify_pending() == 0
    Paper.objects.filter(pk=papers[0].pk).update(needs_sorting=True)
    assert classification.classify_pending() == 1
    assert PaperTopic.objects.count() == 3
