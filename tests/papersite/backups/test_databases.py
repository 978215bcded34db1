"""A damaged copy is told from a whole one, and a missing tool named."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from papersite.backups import databases
from papersite.backups.manifest import Unusable


def a_file(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as made:
        for statement in ("CREATE TABLE one (id integer PRIMARY KEY, words text)", *statements):
            made.execute(statement)
        made.commit()


def test_a_whole_file_is_whole(tmp_path: Path) -> None:
    a_file(tmp_path / "database.sqlite3", "INSERT INTO one VALUES (1, 'a')")

    databases.check(tmp_path, "sqlite")


def test_bytes_that_were_changed_and_rows_that_refer_to_none_are_damage(tmp_path: Path) -> None:
    path = tmp_path / "database.sqlite3"
    a_file(path, "CREATE TABLE two (one_id integer REFERENCES one (id))", "INSERT INTO two VALUES (7)")
    with pytest.raises(Unusable, match="damaged"):
        databases.check(tmp_path, "sqlite")

    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(Unusable, match=r"damaged|no whole"):
        databases.check(tmp_path, "sqlite")
    path.write_bytes(b"words" * 1000)
    with pytest.raises(Unusable, match="no whole SQLite file"):
        databases.check(tmp_path, "sqlite")


def test_a_tool_that_is_missing_or_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "database.dump").write_bytes(b"nonsense")
    tool = tmp_path / "pg_restore"
    tool.write_text("#!/bin/sh\necho 'pg_restore: error: input file is no archive' >&2\nexit 1\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unusable, match="pg_restore failed: pg_restore: error: input file is no archive"):
        databases.check(tmp_path, "postgresql")

    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    with pytest.raises(Unusable, match="client tools"):
        databases.check(tmp_path, "postgresql")


@pytest.mark.django_db
def test_a_database_with_tables_is_not_empty(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        monkeypatch.setattr(connection, "is_in_memory_db", lambda: False)
        monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "none"))
        assert databases.is_empty()
        (tmp_path / "none").touch()
        assert databases.is_empty()
        (tmp_path / "none").write_bytes(b"x")
        monkeypatch.undo()
    assert not databases.is_empty()
    assert "digest.0001_initial" in databases.migrations()
    assert databases.rows(["accounts_user"]) == {"accounts_user": 0}
