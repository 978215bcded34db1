"""Keeps what counts the catalogue short and right."""

from django.db import connection, transaction

from papersite.catalogue.database import triggers

# By arrays of numbers: a join would be chosen by what the server believes of a table that is filled and emptied all
# the time, and where it believes it to be empty each row is compared with each.
FOLD = """
WITH gone AS (
  DELETE FROM catalogue_tally WHERE id = ANY (ARRAY(
    SELECT id FROM catalogue_tally WHERE id = ANY (ARRAY(
      SELECT id FROM (
        SELECT id, count(*) OVER (PARTITION BY kind, target, day) AS rows FROM catalogue_tally
      ) AS counted WHERE rows > 1
    )) FOR UPDATE SKIP LOCKED
  )) RETURNING kind, target, day, amount
)
INSERT INTO catalogue_tally (kind, target, day, amount)
SELECT kind, target, day, sum(amount) FROM gone GROUP BY kind, target, day HAVING sum(amount) <> 0
"""
WRONG = """
SELECT kind, target, CAST(day AS text), sum(held), sum(due) FROM (
  SELECT kind, target, day, amount AS held, 0 AS due FROM catalogue_tally
  UNION ALL SELECT kind, target, day, 0, amount FROM ({counted}) AS counted
) AS both_sides GROUP BY kind, target, day HAVING sum(held) <> sum(due) ORDER BY 1, 2, 3
"""


def fold() -> None:
    """One row for each key, where PostgreSQL has appended more."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(FOLD)


def wrong() -> list[tuple[str, int, str, int, int]]:
    """Kind, target and day of each tally that is not right, with what it says and what there is."""
    with connection.cursor() as cursor:
        cursor.execute(WRONG.format(counted=triggers.counted(connection.vendor)))
        return [(kind, target, day, int(held), int(due)) for kind, target, day, held, due in cursor.fetchall()]


def lukewarm() -> int:
    """How many topics, categories and authors of papers do not have their paper's heat or day."""
    with connection.cursor() as cursor:
        total = 0
        for table, kept in triggers.kept(connection).items():
            differs = " OR ".join(f"l.{name} IS DISTINCT FROM p.{name}" for name in kept)
            cursor.execute(
                f"SELECT count(*) FROM {table} AS l JOIN catalogue_paper AS p ON p.id = l.paper_id WHERE {differs}"
            )
            total += cursor.fetchone()[0]
    return total


@transaction.atomic
def mend() -> None:
    """Counts everything anew, while nobody writes papers."""
    mend_with(connection)


def mend_with(chosen) -> None:  # type: ignore[no-untyped-def]
    kept = triggers.kept(chosen)
    with chosen.cursor() as cursor:
        if chosen.vendor == "postgresql":
            tables = ", ".join(["catalogue_paper", *kept])
            cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")
            # Rows that were brought a moment ago are not known yet: they would be compared each with each.
            cursor.execute(f"ANALYZE {tables}")
        cursor.execute("DELETE FROM catalogue_tally")
        cursor.execute(f"INSERT INTO catalogue_tally (kind, target, day, amount) {triggers.counted(chosen.vendor)}")
        for table, names in kept.items():
            for name in names:
                cursor.execute(
                    f"UPDATE {table} SET {name} = p.{name} FROM catalogue_paper AS p "
                    f"WHERE p.id = {table}.paper_id AND {table}.{name} IS DISTINCT FROM p.{name}"
                )
