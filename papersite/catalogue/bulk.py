"""Rows of plain numbers and texts into a table, many at once.

Django builds an object and compiles an expression for each value; for links of papers with
authors and categories, several a paper, that took most of an import's time.
"""

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Any

from django.db import connection, models

ROWS_A_STATEMENT = 5000


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Inserts rows, values in the order of the fields; a row that is there already is left as it is."""
    chosen = list(rows)
    if not chosen:
        return
    quote = connection.ops.quote_name
    columns = ", ".join(quote(_column(model, name)) for name in fields)
    marks = f"({', '.join(['%s'] * len(fields))})"
    # All names come from the models, all values go through the driver.
    order = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {{}} ON CONFLICT DO NOTHING"  # noqa: S608
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(order.format(marks), chosen)
            return
        # Here each statement is a journey to the server and back.
        for some in batched(chosen, ROWS_A_STATEMENT):
            values = [value for row in some for value in row]
            cursor.execute(order.format(", ".join([marks] * len(some))), values)


def _column(model: type[models.Model], field: str) -> str:
    found = model._meta.get_field(field)
    assert isinstance(found, models.Field)
    return str(found.column)


def refresh_statistics(tables: Iterable[type[models.Model]]) -> None:
    """Tells PostgreSQL how much these tables hold now: until it knows, it reads a grown table from end to end.

    It would find out by itself, some minutes later. SQLite plans without.
    """
    if connection.vendor == "postgresql":
        names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {names}")
