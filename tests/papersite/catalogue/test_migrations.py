"""Renamed tables' models and new columns: rows stay, forth and back, and the former release goes on writing."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from papersite.catalogue.models import Paper, RequestSlot
from tests.factories import NOW, PaperFactory

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
