"""A database's contents as one file, and back: SQLite's own copy, or pg_dump's archive."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg.conninfo import make_conninfo

from papersite.backups.manifest import Unusable

FILES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
# As every release had it. Why is said once the tables are this release's.
HOLD = "UPDATE digest_relay SET is_paused = true"


def dump(folder: Path) -> dict[str, int]:
    """Writes all of the database into the folder as of one moment, while others write; the rows of each table."""
    target = folder / FILES[connection.vendor]
    return _dump_postgresql(target) if connection.vendor == "postgresql" else _dump_sqlite(target)


def load(folder: Path) -> None:
    """Fills this database, which must be empty; mail is held from the first moment on."""
    source = folder / FILES[connection.vendor]
    if connection.vendor == "postgresql":
        _run("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(source))
        with connection.cursor() as cursor:
            cursor.execute(HOLD)
    else:
        _load_sqlite(source)


def check(folder: Path, vendor: str) -> None:
    """Raises Unusable where the file is none that its database's own tools would take."""
    source = folder / FILES[vendor]
    if vendor == "sqlite":
        _check_sqlite(source)
    else:
        _tool("pg_restore", "--list", str(source), environment=os.environ)


def hold_mail(reason: str, alias: str = DEFAULT_DB_ALIAS) -> None:
    """Until a person lets it go, no digest leaves."""
    relays = apps.get_model("digest", "Relay")._base_manager.using(alias)
    relays.update_or_create(pk=1, defaults={"is_paused": True, "pause_reason": reason})


def is_empty() -> bool:
    """Whether there is nothing in this database yet, not even tables."""
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():
        path = Path(str(connection.settings_dict["NAME"]))
        if not path.exists() or not path.stat().st_size:
            return True
    return not connection.introspection.table_names()


def migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def rows(tables: Iterable[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        return {table: _count(cursor, table) for table in sorted(tables)}


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608  a name that the database gave
    return int(cursor.fetchone()[0])


# --- SQLite -------------------------------------------------------------------


def _dump_sqlite(target: Path) -> dict[str, int]:
    with connection.cursor() as cursor:
        # One reading transaction: what others write meanwhile is not in it, and they do not wait.
        cursor.execute("VACUUM INTO %s", [str(target)])
    _check_sqlite(target)
    with closing(sqlite3.connect(target)) as copy:
        names = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return {name: _count(copy.execute("SELECT 1"), name) for (name,) in sorted(names.fetchall())}


def _check_sqlite(path: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
            said = [line for (line,) in copy.execute("PRAGMA integrity_check(3)")]
            lost = copy.execute("PRAGMA foreign_key_check").fetchmany(3)
    except sqlite3.Error as error:
        raise Unusable(f"{path} is no whole SQLite file: {error}.") from error
    if said != ["ok"] or lost:
        raise Unusable(f"{path} is damaged: {'; '.join(said if said != ['ok'] else map(str, lost))}.")


def _load_sqlite(source: Path) -> None:
    target = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    # What an earlier file of that name left would be taken for this one's last changes.
    for suffix in ("-wal", "-shm", "-journal"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    new = target.with_name(f"{target.name}.restoring")
    shutil.copyfile(source, new)
    with closing(sqlite3.connect(new)) as copy, copy:
        copy.execute(HOLD)
    flush(new)
    new.replace(target)
    flush(target.parent)


def flush(path: Path) -> None:
    """Waits until the disk has it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- PostgreSQL ---------------------------------------------------------------


def _dump_postgresql(target: Path) -> dict[str, int]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        counted = rows(connection.introspection.table_names(cursor))
        _run("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
    return counted


def _run(tool: str, *arguments: str) -> None:
    """With this connection's database. The password goes by the environment, which other users cannot read."""
    known = dict(connection.get_connection_params())
    password = known.pop("password", "")
    for ours in ("cursor_factory", "context", "prepare_threshold"):
        known.pop(ours, None)
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    _tool(tool, f"--dbname={make_conninfo(**known)}", *arguments, environment=environment)


def _tool(tool: str, *arguments: str, environment: Any) -> None:
    try:
        done = subprocess.run(  # noqa: S603  without a shell
            [tool, *arguments],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise Unusable(f"{tool} is not installed; it comes with PostgreSQL's client tools.") from None
    if done.returncode:
        raise Unusable(f"{tool} failed: {done.stderr.strip().splitlines()[0] if done.stderr.strip() else 'silently'}")
