"""From SQLite to PostgreSQL, table by table; what is done stays done when it is interrupted."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max, Model
from psycopg.types.json import Jsonb

from papersite import database
from papersite.backups import databases, tables
from papersite.backups.manifest import Unusable
from papersite.catalogue.database import triggers

SOURCE = "source"
# Rows that are done at once: what an interruption costs.
STEP = 50_000
# Stands in the new database until all of it is there and compared.
UNFINISHED = "papersite_unfinished_move"
MOVED = "This database was moved to PostgreSQL. Mail from here would reach everybody twice."


@dataclass(frozen=True, slots=True)
class Moved:
    """What one table brought."""

    table: str
    rows: int
    """How many are there now."""
    copied: int
    """How many of them came just now."""


def move(source: Path, *, anew: bool = False) -> Iterator[Moved]:
    """Copies all rows of a SQLite file into this site's PostgreSQL, comparing counts and checksums of each table.

    While it runs nobody can write into the file; at the end its mail is paused. ``anew`` empties what an
    interrupted move has left. Raises Unusable.
    """
    if connection.vendor != "postgresql":
        raise Unusable("DATABASE_URL must name the PostgreSQL database to move to.")
    with _open(source):
        if anew or not is_unfinished():
            # Which also puts rows of its own into tables that are empty.
            call_command("migrate", interactive=False, verbosity=0)
        _refuse_other_tables()
        _begin(anew)
        for model in tables.models():
            yield _move_table(model)
        _finish()


@contextmanager
def _open(source: Path) -> Iterator[None]:
    """The file as the database SOURCE, in a transaction that keeps all writers out."""
    if not source.is_file():
        raise Unusable(f"There is no file {source}.")
    with closing(sqlite3.connect(source)) as probe:
        try:
            probe.execute("SELECT count(*) FROM django_migrations")
        except sqlite3.DatabaseError as error:
            raise Unusable(f"{source} is no database of this site: {error}.") from error
    default = connections.settings["default"]
    entry = database.with_options({"ENGINE": "django.db.backends.sqlite3", "NAME": str(source)})
    connections.settings[SOURCE] = {**default, "USER": "", "PASSWORD": "", "HOST": "", "PORT": "", **entry}
    try:
        with transaction.atomic(using=SOURCE):
            yield
    finally:
        connections[SOURCE].close()
        del connections[SOURCE]
        del connections.settings[SOURCE]


def _refuse_other_tables() -> None:
    there, here = (set(MigrationRecorder(connections[alias]).applied_migrations()) for alias in (SOURCE, "default"))
    if missing := sorted(here - there):
        raise Unusable(f"The file is of an earlier release: run migrate on it first ({'.'.join(missing[0])}).")
    ours = {app for app, _ in here}
    if unknown := sorted(one for one in there - here if one[0] in ours):
        raise Unusable(f"A newer release made the file: this one does not know {'.'.join(unknown[0])}.")


def _begin(anew: bool) -> None:
    """An empty database, or what an earlier run left."""
    models = tables.models()
    with connection.cursor() as cursor:
        is_begun = is_unfinished()
        if not is_begun and (filled := _filled(models)):
            raise Unusable(f"The database is not empty: {', '.join(filled)}. Nothing is overwritten.")
        if is_begun and not anew:
            return
        with transaction.atomic():
            # The tables of what the database counts come along, counted already.
            triggers.remove(connection)
            names = ", ".join(f'"{one._meta.db_table}"' for one in models)
            cursor.execute(f"TRUNCATE {names}")
            cursor.execute(f"CREATE TABLE IF NOT EXISTS {UNFINISHED} (began_at timestamptz DEFAULT now())")


def _filled(models: list[type[Model]]) -> list[str]:
    """Tables with rows that neither migrations nor beat put there."""
    telling = {"accounts_user", "catalogue_paper", "digest_subscription", "digest_delivery"}
    ours = [one for one in models if one._meta.db_table in telling]
    return [one._meta.db_table for one in ours if one._base_manager.exists()]


def _move_table(model: type[Model]) -> Moved:
    copied = sum(_copy(model, step) for step in _steps(model))
    (wanted, wanted_sum), (found, found_sum) = (
        tables.checksum(tables.rows(model, alias)) for alias in (SOURCE, "default")
    )
    table = model._meta.db_table
    if (wanted, wanted_sum) != (found, found_sum):
        raise Unusable(
            f"{table} differs: {wanted} rows in the file, {found} here, or other values. The file was changed since "
            "an earlier run: begin again with --anew."
        )
    return Moved(table, found, copied)


def _steps(model: type[Model]) -> Iterator[Iterable[tables.Row]]:
    """What is still to be copied, in parts that each come whole or not at all.

    Numbers have the same order in both databases, so that a table can be taken up where it was left. Words
    are sorted by each one's own rules: such a table comes in one part.
    """
    if tables.has_numbers(model):
        last = model._base_manager.aggregate(last=Max("pk"))["last"]
        yield from batched(tables.rows(model, SOURCE, last), STEP, strict=False)
    elif not model._base_manager.exists():
        yield tables.rows(model, SOURCE)


def _copy(model: type[Model], found: Iterable[tables.Row]) -> int:
    """How many there were."""
    count = 0
    places = tables.json_places(model)
    names = ", ".join(f'"{name}"' for name in tables.columns(model))
    statement = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(statement) as copy:
        for count, row in enumerate(found, start=1):  # noqa: B007  the last number is their count
            copy.write_row(_with_json(row, places) if places else row)
    return count


def _with_json(row: tables.Row, places: list[int]) -> list[Any]:
    values = list(row)
    for place in places:
        values[place] = Jsonb(values[place], dumps=json.dumps) if values[place] is not None else None
    return values


def _finish() -> None:
    """Numbers go on where they were, the database counts again, and no mail leaves from the file."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables.models()):
            cursor.execute(statement)
        triggers.install(connection)
        cursor.execute(f"DROP TABLE {UNFINISHED}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    databases.hold_mail(MOVED, SOURCE)


def is_unfinished() -> bool:
    """Whether a move into this database was begun and not brought to its end."""
    return connection.vendor == "postgresql" and UNFINISHED in connection.introspection.table_names()
