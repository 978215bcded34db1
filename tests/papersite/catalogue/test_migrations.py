"""Renamed tables' models and new columns: rows stay, forth and back, and the former release goes on writing."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from papersite.catalogue.models import Authorship, Paper, PaperTopic, RequestSlot
from tests.factories import NOW, AuthorFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.long


@pytest.fixture
def migrate(transactional_db: None) -> Iterator[Any]:
    """Brings the catalogue to a migration; the apps as they were there."""

    def to(name: str) -> Any:
        return MigrationExecutor(connection).migrate([("catalogue", name)]).apps

    yield to
    # Those of all apps: what stands on the catalogue went back with it.
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_the_slots_of_services_stay_while_their_model_gets_its_name_and_loses_it(migrate: Any) -> None:
    RequestSlot.objects.create(service="arxiv", holder="somebody")

    former = migrate("0005_readers").get_model("catalogue", "Turn")
    assert list(former.objects.values_list("service", "holder")) == [("arxiv", "somebody")]
    former.objects.update(holder="")
    migrate("0006_request_slots")

    assert RequestSlot.objects.get().holder == ""


def test_papers_stay_while_source_and_reading_part_and_a_former_process_goes_on_writing(migrate: Any) -> None:
    PaperFactory.create(title="ℓ₁", source_title=r"$\ell_1$", title_html="<math></math>")

    former = migrate("0006_request_slots").get_model("catalogue", "Paper")
    assert former.objects.get().title == "ℓ₁"
    apps = migrate("0007_source_and_reading")
    # Written by a process that knows none of the new columns.
    former.objects.create(title="Second", content_key="2")

    assert apps.get_model("catalogue", "Paper").objects.count() == 2
    assert set(Paper.objects.values_list("source_title", "title_html", "excerpt", "read_with", "has_more_authors")) == {
        ("", "", "", 0, False)
    }


def test_papers_from_before_say_when_their_newest_version_came_and_no_other_moment_moves(migrate: Any) -> None:
    versions = [[1, "2026-01-01T00:00:00+00:00"], [2, "2026-02-03T00:00:00+00:00"]]
    once = PaperFactory.create(versions=versions[:1])
    twice, known = (PaperFactory.create(versions=versions) for _ in range(2))
    Paper.objects.filter(pk=known.pk).update(revised_at=NOW)

    migrate("0014_paper_by_doi")
    migrate("0015_revised_before")

    moments = dict(Paper.objects.values_list("pk", "revised_at"))
    assert (moments[once.pk], f"{moments[twice.pk]:%Y-%m-%d}", moments[known.pk]) == (None, "2026-02-03", NOW)


def test_links_get_their_papers_days_and_a_former_process_goes_on_writing(migrate: Any) -> None:
    before = PaperFactory.create(in_topics=[TopicFactory.create()])
    former = migrate("0015_revised_before")
    link = former.get_model("catalogue", "PaperTopic")
    assert "announced_at" not in {field.name for field in link._meta.get_fields()}

    migrate("0016_days_of_links")
    between = PaperFactory.create()
    # By a process that knows none of the new columns.
    link.objects.create(paper_id=between.pk, topic_id=before.topics.get().pk, origin="search")
    migrate("0017_lists_by_day")
    Paper.objects.filter(pk=between.pk).update(announced_at=NOW - timedelta(days=3))

    days = dict(PaperTopic.objects.values_list("paper", "announced_at"))
    assert days == {before.pk: NOW, between.pk: NOW - timedelta(days=3)}


def test_authors_get_their_papers_days_and_lose_the_indexes_that_others_hold(migrate: Any) -> None:
    author = AuthorFactory.create()
    before = PaperFactory.create(by=[author])
    former = migrate("0017_lists_by_day").get_model("catalogue", "Authorship")

    migrate("0018_days_of_authorships")
    between = PaperFactory.create()
    # By a process that knows none of the new columns.
    former.objects.create(paper_id=between.pk, author_id=author.pk, position=0)
    migrate("0019_authors_by_day")
    Paper.objects.filter(pk=between.pk).update(announced_at=NOW - timedelta(days=3))

    days = dict(Authorship.objects.values_list("paper", "announced_at"))
    assert days == {before.pk: NOW, between.pk: NOW - timedelta(days=3)}
    with connection.cursor() as cursor:
        held = connection.introspection.get_constraints(cursor, "catalogue_authorship").values()
    assert not [one["columns"] for one in held if one["index"] and one["columns"] in (["author_id"], ["paper_id"])]


def test_an_upgrade_of_many_steps_writes_to_no_column_that_is_not_there_yet(migrate: Any) -> None:
    topic = TopicFactory.create()
    paper = PaperFactory.create(in_topics=[topic])

    migrate("0011_revised")
    migrate("0015_revised_before")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_paper SET heat = 5, announced_at = announced_at WHERE id = %s", [paper.pk])
        cursor.execute("SELECT heat FROM catalogue_papertopic WHERE paper_id = %s", [paper.pk])
        assert cursor.fetchall() == [(5,)]
