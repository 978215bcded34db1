"""What the database counts and keeps by itself, whoever writes and however."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue import curation, tallies
from papersite.catalogue.database import triggers
from papersite.catalogue.models import Category, Paper, PaperCategory, PaperTopic, Tally, Topic
from tests.conftest import examples
from tests.factories import NOW, AuthorFactory, CategoryFactory, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def is_right() -> bool:
    return not tallies.wrong() and not tallies.lukewarm()


def hide(paper: Paper) -> None:
    curation.hide(Paper.objects.filter(pk=paper.pk))


def show(paper: Paper) -> None:
    curation.show(Paper.objects.filter(pk=paper.pk))


def to_another_day(paper: Paper) -> None:
    Paper.objects.filter(pk=paper.pk).update(announced_at=NOW - timedelta(days=paper.pk % 3), is_hidden=paper.pk % 2)


def warm(paper: Paper) -> None:
    paper.heat += 1.5
    fields = ["heat", "needs_sorting"]
    Paper.objects.bulk_create([paper], update_conflicts=True, unique_fields=["pk"], update_fields=fields)


def under_a_topic(paper: Paper) -> None:
    for topic in Topic.objects.all():
        PaperTopic.objects.get_or_create(paper=paper, topic=topic)


def keep_out(paper: Paper) -> None:
    paper.paper_topics.update(belongs=False, origin=PaperTopic.Origin.CURATOR)


def bring_back(paper: Paper) -> None:
    paper.paper_topics.update(belongs=True)


def change_topics(paper: Paper) -> None:
    paper.paper_topics.all().delete()
    PaperTopic.objects.create(paper=paper, topic=Topic.objects.earliest("pk"))
    paper.paper_topics.update(topic=Topic.objects.latest("pk"))


def change_categories(paper: Paper) -> None:
    paper.categories.set(Category.objects.all()[: 1 + paper.pk % 2])


def change_authors(paper: Paper) -> None:
    paper.authorships.all().delete()
    paper.authorships.create(author=AuthorFactory.create(), position=0)


def remove(paper: Paper) -> None:
    Paper.objects.filter(pk=paper.pk).delete()


ACTS = (
    hide, show, to_another_day, warm, under_a_topic, keep_out, bring_back, change_topics, change_categories,
    change_authors, remove,
)  # fmt: skip


@examples(100)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(ACTS)), max_size=12))
def test_whatever_changes_the_counts_and_heats_stay_right(steps: list[tuple[int, Any]]) -> None:
    Paper.objects.all().delete()
    Topic.objects.all().delete()
    TopicFactory.create_batch(2)
    CategoryFactory.create_batch(2)
    papers = PaperFactory.create_batch(3, in_topics=list(Topic.objects.all()))

    for number, act in steps:
        if Paper.objects.filter(pk=papers[number].pk).exists():
            act(Paper.objects.get(pk=papers[number].pk))
            assert is_right(), act

    tallies.fold()
    assert is_right()


def test_a_topic_that_goes_takes_its_counts_along() -> None:
    topic = TopicFactory.create()
    PaperFactory.create_batch(2, in_topics=[topic])
    curation.remove_topics(Topic.objects.all())

    assert is_right()
    assert Tally.objects.ever(Tally.Kind.TOPIC, topic.pk) == 0


def test_many_rows_of_one_statement_are_counted() -> None:
    papers = PaperFactory.create_batch(5)
    topic, category = TopicFactory.create(), CategoryFactory.create()
    PaperTopic.objects.bulk_create(PaperTopic(paper=paper, topic=topic) for paper in papers)
    PaperCategory.objects.bulk_create(PaperCategory(paper=paper, category=category) for paper in papers)
    Paper.objects.update(heat=7)

    assert Tally.objects.ever(Tally.Kind.TOPIC, topic.pk) == Tally.objects.ever(Tally.Kind.CATEGORY, category.pk) == 5
    assert set(PaperTopic.objects.values_list("heat", flat=True)) == {7}
    assert is_right()


def test_migrations_leave_them_in_place(transactional_db: None) -> None:
    triggers.before_migrations(connection, plan=["one"])
    PaperFactory.create()
    assert bool(tallies.wrong()) is (connection.vendor == "sqlite")

    assert triggers.after_migrations(connection, plan=["one"]) is (connection.vendor == "sqlite")
    tallies.mend()
    PaperFactory.create()

    assert is_right()
    assert not triggers.after_migrations(connection, plan=[])


def test_the_command_of_migrations_brings_them_back(transactional_db: None) -> None:
    PaperFactory.create()
    call_command("migrate", "catalogue", verbosity=0)

    PaperFactory.create()

    assert is_right()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's triggers see one row at a time")
def test_no_trigger_compares_each_row_of_a_statement_with_each() -> None:
    """Plans are kept from the first statement of a session on, which has one row: a join would nest its loops."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE proname = ANY(%s)", [list(triggers.NAMES)])
        found = dict(cursor.fetchall())

    assert {name for name, source in found.items() if "EXCEPT" in source} == {
        "catalogue_paper_updated", "catalogue_papertopic_updated", "catalogue_paper_categories_updated",
    }  # fmt: skip
    assert not [name for name, source in found.items() if re.search(r"old_rows\b[^;]*\bJOIN\s+new_rows", source)]
    assert not [name for name, source in found.items() if re.search(r"new_rows\b[^;]*\bJOIN\s+old_rows", source)]
