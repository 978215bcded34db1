"""A database with all tables and nothing in them, migrated once for all test processes and copied from then on.

Migrating takes longer than all that most tests do.
"""

import atexit
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import Thread
from uuid import uuid4

import psycopg

ROOT = Path(__file__).resolve().parent.parent
# What the test processes of one run share; the first of them makes it, and its children find it here.
SHARED = "PAPERSITE_TESTS_SHARED"
_ahead: list[Thread] = []


def begin(*, ahead: bool = False) -> None:
    """``ahead``: a database is made while the test processes still collect their tests, for which they would wait."""
    os.environ[SHARED] = tempfile.mkdtemp(prefix="papersite-shared-")
    if ahead and not os.environ.get("DATABASE_URL"):
        _ahead.append(Thread(target=folder))
        _ahead[0].start()


def end() -> None:
    """Drops what was made on the database server, and removes the rest."""
    for thread in _ahead:
        thread.join()
    shared = Path(os.environ.pop(SHARED))
    for file in shared.glob("*.server"):
        # Some tests have a server of their own, which is gone by then.
        with suppress(psycopg.OperationalError):
            _run(file.read_text(), f'DROP DATABASE IF EXISTS "{file.stem}" WITH (FORCE)')
    shutil.rmtree(shared, ignore_errors=True)


@cache
def folder() -> Path:
    """The data of a site with SQLite."""
    with _alone("sqlite") as shared:
        data = shared / "data"
        if not data.exists():
            making = shared / "making"
            _migrate(DATA_DIR=str(making))
            making.rename(data)
    return data


@cache
def template(server: str) -> str:
    """The name of a database on this PostgreSQL server, to create others from."""
    with _alone("postgres") as shared:
        for file in shared.glob("*.server"):
            if file.read_text() == server:
                return file.stem
        name = f"migrated_{uuid4().hex[:12]}"
        _run(server, f'CREATE DATABASE "{name}"')
        _migrate(DATABASE_URL=f"{server.rpartition('/')[0]}/{name}")
        (shared / f"{name}.server").write_text(server)
    return name


def create_database(server: str, name: str) -> None:
    drop_database(server, name)
    _run(server, f'CREATE DATABASE "{name}" TEMPLATE "{template(server)}"')


def drop_database(server: str, name: str) -> None:
    _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def _alone(what: str) -> Iterator[Path]:
    """The shared folder, while no other test process makes the same."""
    if SHARED not in os.environ:
        begin()
        atexit.register(end)
    shared = Path(os.environ[SHARED])
    with (shared / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield shared


def _run(server: str, sql: str) -> None:
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute(sql)


def _migrate(**environment: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"],
        cwd=ROOT, env=os.environ | {"DJANGO_SETTINGS_MODULE": "papersite.settings", "ENV_FILE": ""} | environment,
        check=True, timeout=120,
    )  # fmt: skip
