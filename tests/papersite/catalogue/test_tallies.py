"""Counts that went wrong are found and mended; what PostgreSQL appended becomes one row a key."""

import pytest
from django.db import connection
from django.db.models import Count

from papersite.catalogue import tallies
from papersite.catalogue.models import PaperTopic, Tally
from tests.factories import NOW, PaperFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_what_is_wrong_is_told_and_mended() -> None:
    topic = TopicFactory.create()
    PaperFactory.create_batch(3, in_topics=[topic])
    Tally.objects.filter(kind="topic", day=NOW.date()).update(amount=9)
    Tally.objects.create(kind="day", target=0, day="2020-01-01", amount=1)
    first, second, _ = PaperTopic.objects.order_by("pk").values_list("pk", flat=True)
    PaperTopic.objects.filter(pk=first).update(heat=-1)
    PaperTopic.objects.filter(pk=second).update(announced_at=None)
    tallies.fold()

    told = {(kind, day, due) for kind, _, day, _, due in tallies.wrong()}
    assert told == {("topic", "2026-11-23", 3), ("day", "2020-01-01", 0)}
    assert tallies.lukewarm() == 2

    tallies.mend()

    assert (tallies.wrong(), tallies.lukewarm()) == ([], 0)


def test_folded_there_is_one_row_a_key() -> None:
    for _ in range(3):
        PaperFactory.create(in_topics=[TopicFactory.create()])

    tallies.fold()

    keys = Tally.objects.order_by().values("kind", "target", "day").annotate(rows=Count("pk"))
    assert {key["rows"] for key in keys} == {1}
    assert tallies.wrong() == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps one row a key")
def test_folding_does_not_hang_on_what_the_server_believes_of_the_table() -> None:
    """After many rows that went again it takes a full table for an empty one."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_class SET reltuples = 0, relpages = 200 WHERE oid = 'catalogue_tally'::regclass")
        cursor.execute(
            "INSERT INTO catalogue_tally (kind, target, day, amount) "
            "SELECT 'topic', n % 45, date '2026-01-01' + n % 30, 1 FROM generate_series(1, 20000) AS n"
        )
        cursor.execute(f"EXPLAIN {tallies.FOLD}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Join" not in plan
    assert "Nested Loop" not in plan
