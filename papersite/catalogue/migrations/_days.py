"""What 0017 and 0019 share: rows beside papers get the day that their paper was announced."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Max

from papersite.catalogue.database import triggers

AT_ONCE = 2000
FILL = """
UPDATE {table} SET announced_at = (SELECT p.announced_at FROM catalogue_paper AS p WHERE p.id = {table}.paper_id)
WHERE paper_id > %s AND paper_id <= %s AND announced_at IS NULL
"""


def keep(apps: Any, schema_editor: Any) -> None:
    with transaction.atomic(schema_editor.connection.alias):
        triggers.install(schema_editor.connection)


def keep_no_more(tables: Collection[str], schema_editor: Any) -> None:
    with transaction.atomic(schema_editor.connection.alias):
        triggers.install(schema_editor.connection, without=list(tables))


def fill(tables: Collection[str], apps: Any, schema_editor: Any) -> None:
    """Batch by batch, each for itself, and again from the beginning where it was ended: what stands there stays.

    The papers of a batch are locked first, in the order in which all who write to them do.
    """
    connection, papers = schema_editor.connection, apps.get_model("catalogue", "Paper").objects
    last = papers.aggregate(last=Max("pk"))["last"] or 0
    for before in range(0, last, AT_ONCE):
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            some = papers.filter(pk__gt=before, pk__lte=before + AT_ONCE).order_by("pk")
            list(some.select_for_update(no_key=True).values_list("pk"))
            for table in tables:
                cursor.execute(FILL.format(table=table), [before, before + AT_ONCE])
