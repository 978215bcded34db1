"""Every way in which a paper changes reaches the index."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from papersite.catalogue import curation, ingest, repositories, votes
from papersite.catalogue.heat import scoring
from papersite.catalogue.models import (
    Author,
    Authorship,
    Category,
    Paper,
    PaperCategory,
    PaperTopic,
    Repository,
    Topic,
    Vote,
)
from papersite.catalogue.search.folder import Folder
from papersite.catalogue.search.writing import Report, compare
from papersite.catalogue.sources.records import SourcePaper, SourceRepository
from papersite.catalogue.topics import classification
from tests.factories import NOW, AuthorFactory, CategoryFactory, TopicFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_week_later")]
Index = Callable[[], Report]
URL = "https://github.com/a/b"


def record(**fields: Any) -> SourcePaper:
    told = {"place": "1", "title": "Graph networks", "abstract": "About it.", "arxiv_id": "2611.00001"}
    return SourcePaper(**(told | fields))


def take_in(**fields: Any) -> None:
    ingest.run([record(**fields)], source="test")


def paper() -> Paper:
    return Paper.objects.get(arxiv_id="2611.00001")


def papers() -> Any:
    return Paper.objects.filter(arxiv_id="2611.00001")


def reader() -> Any:
    return get_user_model().objects.get()


def take_in_new() -> None:
    take_in(arxiv_id="2611.00002", title="Another one")


def take_in_changed() -> None:
    take_in(title="Graph networks, again")


def take_in_a_signal() -> None:
    take_in(hf_upvotes=31)


def take_in_authors() -> None:
    take_in(authors=("Bo Díaz", "Ada Byron", "Cy Young"))


def take_in_a_category() -> None:
    take_in(categories=("cs.LG", "cs.AI"))


def take_in_a_topic() -> None:
    take_in(topics=("sounds",))


def deleted_by_its_source() -> None:
    take_in(title="", abstract="", is_deleted=True)


def cast() -> None:
    votes.cast(paper(), UserFactory.create())


def take_back() -> None:
    votes.take_back(paper(), reader())


def not_counted() -> None:
    votes.set_counted(list(paper().votes.all()), is_counted=False)


def rescore() -> None:
    curation.set_weights({"vote_count": 99})
    scoring.rescore()


def starred() -> None:
    Repository.objects.create(url=URL, asked_at=NOW)
    repositories.keep(SourceRepository(URL, full_url=URL, stars=120, week_stars=7, etag='"one"'), NOW)


def hide() -> None:
    curation.hide(papers())


def hide_and_show() -> None:
    curation.hide(papers())
    curation.show(papers())
    curation.hide(papers())


def save_paper() -> None:
    one = paper()
    one.title, one.boost = "Edited", 24
    curation.save_paper(one, edited=["title"])
    curation.paper_changed(one)


def decide() -> None:
    row = PaperTopic.objects.get(topic__slug="graphs")
    row.belongs = False
    curation.decide(row)


def author_renamed() -> None:
    author = Author.objects.get(name="Ada Byron")
    author.name = "Ada Lovelace"
    curation.save_author(author)


def topic_moved() -> None:
    topic = Topic.objects.get(slug="graphs")
    topic.slug = "graph-learning"
    assert curation.save_topic(topic)
    curation.topic_moved(topic.pk)


def topic_removed() -> None:
    curation.remove_topics(Topic.objects.filter(slug="graphs"))


def topics_removed() -> None:
    classification.keep_source_topics({paper().pk: ["sounds"]})
    curation.remove_topics(Topic.objects.all())


def topic_searched_otherwise() -> None:
    topic = Topic.objects.get(slug="graphs")
    topic.search = "speech"
    topic.save()
    classification.classify_all([topic])


def topic_named_by_a_source() -> None:
    classification.keep_source_topics({paper().pk: ["sounds"]})


def removed() -> None:
    curation.remove(papers())


CHANGES = [
    take_in_new, take_in_changed, take_in_a_signal, take_in_authors, take_in_a_category, take_in_a_topic,
    deleted_by_its_source, cast, take_back, not_counted, rescore, starred, hide, hide_and_show, save_paper, decide,
    author_renamed, topic_moved, topic_removed, topics_removed, topic_searched_otherwise, topic_named_by_a_source,
    removed,
]  # fmt: skip


@pytest.fixture
def catalogue(index: Index) -> None:
    """One paper with all that a paper can have, indexed."""
    TopicFactory.create(slug="graphs", search='"graph networks"')
    TopicFactory.create(slug="sounds", search="sound")
    take_in(authors=("Ada Byron", "Bo Díaz"), categories=("cs.LG",), code_url=URL, announced_at=NOW)
    votes.cast(paper(), UserFactory.create())
    index()


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_every_change_of_a_paper_reaches_the_index(
    catalogue: None, index: Index, settings: Any, change: Callable[[], None]
) -> None:
    change()

    report = index()

    assert report.written + report.removed == 1
    assert not report.was_rebuilt
    assert not compare(Folder(settings.INDEX_DIR))


def test_a_topic_that_finds_the_same_papers_by_other_words_changes_no_paper(
    catalogue: None, index: Index, settings: Any
) -> None:
    classification.keep_source_topics({paper().pk: ["sounds"]})
    index()
    topic = Topic.objects.get(slug="graphs")
    topic.search = "networks"
    topic.save()

    classification.classify_all([topic])
    index()

    assert not compare(Folder(settings.INDEX_DIR))


def admin(model: str, action: str, *arguments: Any) -> str:
    return reverse(f"admin:catalogue_{model}_{action}", args=arguments)


def delete_authorship(client: Client) -> None:
    client.post(admin("authorship", "delete", Authorship.objects.get(position=0).pk), {"post": "yes"})


def delete_authorships(client: Client) -> None:
    chosen = list(Authorship.objects.values_list("pk", flat=True))
    client.post(
        admin("authorship", "changelist"), {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    )


def change_authorship(client: Client) -> None:
    row = Authorship.objects.get(position=0)
    other = AuthorFactory.create()
    client.post(
        admin("authorship", "change", row.pk), {"author": other.pk, "paper": row.paper_id, "position": row.position}
    )


def delete_author(client: Client) -> None:
    client.post(admin("author", "delete", Author.objects.get(name="Ada Byron").pk), {"post": "yes"})


def change_author(client: Client) -> None:
    client.post(admin("author", "change", Author.objects.get(name="Ada Byron").pk), {"name": "Ada Lovelace"})


def delete_paper_topic(client: Client) -> None:
    client.post(admin("papertopic", "delete", PaperTopic.objects.get().pk), {"post": "yes"})


def delete_paper(client: Client) -> None:
    # Votes are nothing that a curator may delete.
    Vote.objects.all().delete()
    client.post(admin("paper", "delete", paper().pk), {"post": "yes"})


def delete_topic(client: Client) -> None:
    client.post(admin("topic", "delete", Topic.objects.get(slug="graphs").pk), {"post": "yes"})


def rename_category(client: Client) -> None:
    client.post(admin("category", "change", Category.objects.get().pk), {"code": "cs.XX", "name": ""})


def delete_category(client: Client) -> None:
    CategoryFactory.create()
    client.post(admin("category", "delete", Category.objects.get(code="cs.LG").pk), {"post": "yes"})


BY_CURATORS = [
    delete_authorship, delete_authorships, change_authorship, delete_author, change_author, delete_paper_topic,
    delete_paper, delete_topic, rename_category, delete_category,
]  # fmt: skip


@pytest.mark.parametrize("change", BY_CURATORS, ids=lambda change: change.__name__)
def test_every_change_on_the_curators_desk_reaches_the_index(
    catalogue: None, index: Index, settings: Any, curator_client: Client, change: Callable[[Client], None]
) -> None:
    before = state()

    change(curator_client)
    report = index()

    assert state() != before
    assert report.written + report.removed == 1
    assert not compare(Folder(settings.INDEX_DIR))


def state() -> list[Any]:
    return [
        list(Authorship.objects.values_list("pk", "author__name")),
        list(PaperTopic.objects.values_list("pk", "topic__slug")),
        list(PaperCategory.objects.values_list("category__code", flat=True)),
        list(Paper.objects.values_list("pk", flat=True)),
    ]
