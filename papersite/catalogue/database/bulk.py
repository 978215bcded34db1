"""Rows of plain numbers and texts into a table, many at once.

Django builds an object and compiles an expression for each value; for links of papers with
authors and categories, several a paper, that took most of an import's time.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import batched
from typing import Any

from django.db import connection, models

ROWS_A_STATEMENT = 5000


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Inserts rows, values in the order of the fields; a row that is there already is left as it is."""
    chosen = list(rows)
    if not chosen:
        return
    quote, is_sqlite = connection.ops.quote_name, connection.vendor == "sqlite"
    named = [_field(model, name) for name in fields]
    columns = ", ".join(quote(str(field.column)) for field in named)
    # One value holds many rows, so that the statement is as short for a thousand as for one. On SQLite a statement
    # for each row takes three times as long where a trigger follows it.
    given = (f"value->>{place}" if is_sqlite else f"%s::{_type(field)}[]" for place, field in enumerate(named))
    rows_of = "SELECT {} FROM json_each(%s) WHERE true" if is_sqlite else "SELECT * FROM unnest({})"
    # All names come from the models, all values go through the driver.
    order = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) {rows_of} ON CONFLICT DO NOTHING"
    statement = order.format(", ".join(given))
    with connection.cursor() as cursor:
        for some in batched(chosen, ROWS_A_STATEMENT):
            cursor.execute(statement, [json.dumps(some)] if is_sqlite else [*map(list, zip(*some, strict=True))])


def numbers(model: type[models.Model], field: str, values: Collection[str]) -> dict[str, int]:
    """The numbers of the rows whose field, a text that no two rows share, has one of these values."""
    if not values:
        return {}
    quote, is_sqlite = connection.ops.quote_name, connection.vendor == "sqlite"
    column, number = (quote(str(one.column)) for one in (_field(model, field), _field(model, model._meta.pk.name)))
    among = "IN (SELECT value FROM json_each(%s))" if is_sqlite else "= ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column}, {number} FROM {quote(model._meta.db_table)} WHERE {column} {among}",  # noqa: S608
            [json.dumps(list(values)) if is_sqlite else list(values)],
        )
        return dict(cursor.fetchall())


def maker[M: models.Model](model: type[M]) -> Callable[[], M]:
    """A function that makes new objects with the model's defaults, as calling the model does.

    Of each field the default is asked for once, unless it is one that objects may not share.
    """
    fields = [(field.get_default(), field) for field in model._meta.concrete_fields]
    shared = [None if isinstance(value, list | dict) else value for value, _ in fields]
    own = [(place, field) for place, (value, field) in enumerate(fields) if isinstance(value, list | dict)]

    def make() -> M:
        values = shared.copy()
        for place, field in own:
            values[place] = field.get_default()
        return model(*values)

    return make


def create(rows: Sequence[models.Model]) -> None:
    """Saves new objects of one model and gives them their numbers, as ``bulk_create`` does.

    Takes plain values only, no expressions of the database, and sends no signals. Raises IntegrityError
    where a rule of the table forbids a row.
    """
    if not rows:
        return
    fields = [field for field in type(rows[0])._meta.local_concrete_fields if not field.primary_key]
    columns = [_prepared(field, rows) for field in fields]
    save = _copied if connection.vendor == "postgresql" else _inserted
    for row, number in zip(rows, save(type(rows[0]), fields, [*zip(*columns, strict=True)]), strict=True):
        row.pk = number
        row._state.adding, row._state.db = False, connection.alias


def _inserted(model: type[models.Model], fields: "Sequence[models.Field[Any, Any]]", rows: list[Any]) -> list[int]:
    """Writes rows by statements of many each; their numbers, in order."""
    quote, number = connection.ops.quote_name, _field(model, model._meta.pk.name)
    names = ", ".join(quote(str(field.column)) for field in fields)
    marks = f"({', '.join(['%s'] * len(fields))})"
    most = connection.features.max_query_params or ROWS_A_STATEMENT * len(fields)
    found: list[int] = []
    with connection.cursor() as cursor:
        for some in batched(rows, max(1, most // len(fields))):
            cursor.execute(
                f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {', '.join([marks] * len(some))} "  # noqa: S608
                f"RETURNING {quote(str(number.column))}",
                [value for row in some for value in row],
            )
            found += [pk for (pk,) in cursor.fetchall()]
    return found


def _copied(model: type[models.Model], fields: "Sequence[models.Field[Any, Any]]", rows: list[Any]) -> list[int]:
    """The same by PostgreSQL's COPY, a fifth of the work; the numbers are taken from the sequence before."""
    quote, number = connection.ops.quote_name, _field(model, model._meta.pk.name)
    table = quote(model._meta.db_table)
    names = ", ".join(quote(str(field.column)) for field in (number, *fields))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, number.column, len(rows)],
        )
        found = [pk for (pk,) in cursor.fetchall()]
        with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for pk, row in zip(found, rows, strict=True):
                copy.write_row((pk, *row))
    return found


# What both drivers take as it is.
_PLAIN = (
    models.CharField, models.TextField, models.BooleanField, models.IntegerField, models.FloatField, models.ForeignKey,
)  # fmt: skip


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
    keys = [*map(repr, values)]
    for key, value in zip(keys, values, strict=True):
        if key not in made:
            made[key] = field.get_db_prep_save(value, connection)
    return [made[key] for key in keys]


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    found = model._meta.get_field(name)
    assert isinstance(found, models.Field)
    return found


def _type(field: "models.Field[Any, Any]") -> str:
    """PostgreSQL's type of a field's values, without the bound on their length, which a cast would cut at."""
    return (field.db_type(connection) or "text").partition("(")[0]


def refresh_statistics(tables: Iterable[type[models.Model]]) -> None:
    """Tells PostgreSQL how much these tables hold now: until it knows, it reads a grown table from end to end.

    It would find out by itself, some minutes later. SQLite plans without.
    """
    if connection.vendor == "postgresql":
        names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {names}")
