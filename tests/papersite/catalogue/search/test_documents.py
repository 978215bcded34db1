"""Papers on their way from the database into the index."""

from typing import Any

import pytest

from papersite.catalogue.models import PaperTopic
from papersite.catalogue.search import documents
from papersite.catalogue.search.schema import Record
from tests.factories import NOW, AuthorFactory, CategoryFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_of_tells_all_that_the_index_holds() -> None:
    authors = [AuthorFactory.create(name=name) for name in ("Zoe", "Ada")]
    paper = PaperFactory.create(
        title="Graphs", abstract="About.", summary="Short.", arxiv_id="2611.00001", doi="10.1000/x", heat=5,
        code_url="https://github.com/a/b", by=authors, in_topics=[TopicFactory.create(slug="graphs")],
    )  # fmt: skip
    paper.categories.add(CategoryFactory.create(code="cs.LG"))

    assert documents.of([paper.pk]) == [
        Record(
            paper_id=paper.pk, title="Graphs", abstract="About.", summary="Short.", authors=["Zoe", "Ada"],
            categories=["cs.LG"], topics=["graphs"], identifiers=["2611.00001", "10.1000/x", f"p{paper.pk}"],
            has_code=True, announced_at=NOW, heat=5,
        )
    ]  # fmt: skip


def test_of_leaves_out_topics_that_a_curator_took_a_paper_from() -> None:
    paper = PaperFactory.create()
    PaperTopic.objects.create(paper=paper, topic=TopicFactory.create(), origin="curator", belongs=False)

    assert [record.topics for record in documents.of([paper.pk])] == [()]


def test_visible_leaves_out_hidden_papers_and_those_that_are_gone() -> None:
    shown, hidden = PaperFactory.create(), PaperFactory.create(is_hidden=True)
    ids = [shown.pk, hidden.pk, 10**6]

    assert [record.paper_id for record in documents.visible(ids)] == [shown.pk]
    assert [record.paper_id for record in documents.of(ids)] == [shown.pk, hidden.pk]


@pytest.mark.parametrize("count", [1, 30])
def test_of_costs_the_same_queries_for_one_paper_and_for_thirty(count: int, django_assert_num_queries: Any) -> None:
    topic, category = TopicFactory.create(), CategoryFactory.create()
    papers = [PaperFactory.create(by=AuthorFactory.create_batch(2), in_topics=[topic]) for _ in range(count)]
    for paper in papers:
        paper.categories.add(category)

    with django_assert_num_queries(4):
        found = documents.of([paper.pk for paper in papers])

    assert len(found) == count


def test_everything_is_all_visible_papers_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "BATCH", 2)
    ids = [paper.pk for paper in PaperFactory.create_batch(5)]
    PaperFactory.create(is_hidden=True)

    found = list(documents.everything())

    assert [[record.paper_id for record in some] for some in found] == [ids[:2], ids[2:4], ids[4:]]


def test_everything_of_an_empty_catalogue_is_nothing() -> None:
    assert list(documents.everything()) == []


def test_many_papers_side_by_side_are_told_as_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    topic, category = TopicFactory.create(), CategoryFactory.create()
    papers = [PaperFactory.create(by=AuthorFactory.create_batch(2), in_topics=[topic]) for _ in range(4)]
    for paper in papers[:3]:
        paper.categories.add(category)
    ids = [paper.pk for paper in papers]
    alone = [record for pk in ids for record in documents.of([pk])]
    monkeypatch.setattr(documents, "FEW", 1)

    assert documents.of(ids) == alone
    assert documents.of([ids[0], ids[2], ids[3]]) == [alone[0], alone[2], alone[3]]
