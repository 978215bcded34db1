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


def create(rows: Sequence[models.Model]) -> None:
    """Saves new objects of one model and gives them their numbers, as ``bulk_create`` does.

    Takes plain values only, no expressions of the database, and sends no signals. Raises IntegrityError
    where a rule of the table forbids a row.
    """
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    columns = [_prepared(field, rows) for field in fields]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    marks = f"({', '.join(['%s'] * len(fields))})"
    assert meta.pk is not None
    most = connection.features.max_query_params or ROWS_A_STATEMENT * len(fields)
    numbered = zip(rows, zip(*columns, strict=True), strict=True)
    with connection.cursor() as cursor:
        for some in batched(numbered, max(1, most // len(fields))):
            cursor.execute(
                f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES {', '.join([marks] * len(some))} "  # noqa: S608
                f"RETURNING {quote(str(meta.pk.column))}",
                [value for _, values in some for value in values],
            )
            for (row, _), (number,) in zip(some, cursor.fetchall(), strict=True):
                row.pk = number
                row._state.adding, row._state.db = False, connection.alias


# What both drivers take as it is.
_PLAIN = (models.CharField, models.TextField, models.BooleanField, models.IntegerField, models.FloatField)


def _prepared(field: "models.Field[Any, Any]", rows: Sequence[models.Model]) -> list[Any]:
    """The values of one field as the driver takes them."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        values = [field.pre_save(row, add=True) for row in rows]
    else:
        values = [getattr(row, field.attname) for row in rows]
    if isinstance(field, _PLAIN):
        return values
    # Many rows have the very same moment, the same empty list.
    made: dict[str, Any] = {}
    for value in values:
        if (key := repr(value)) not in made:
            made[key] = field.get_db_prep_save(value, connection)
    return [made[repr(value)] for value in values]


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
