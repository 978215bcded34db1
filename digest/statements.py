"""The statements of the hot loop, written out: Django would compose and the database plan them anew at each mail."""

import fcntl
import os
import re
from contextlib import suppress
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, cast

from django.conf import settings
from django.db import Error, connection

# Says that one mail was accepted and that the next is in hand, in one commit. Whether its reader still
# wants it and may have it is asked here and not before: what was asked earlier may have changed. Taken
# again, it changes nothing more. What is behind the hand counts as accepted, so it never goes back.
ADVANCE = """
UPDATE digest_hand SET
  done = CASE WHEN %(done)s > done THEN %(done)s ELSE done END,
  lease_until = %(lease)s,
  begun = CASE WHEN %(begun)s > done AND EXISTS (
      SELECT 1 FROM digest_subscription AS s JOIN accounts_user AS u ON u.id = s.reader_id
      WHERE s.id = %(subscription)s AND s.confirmed_at IS NOT NULL AND s.ended_at IS NULL
        AND (s.paused_until IS NULL OR s.paused_until <= %(day)s)
        AND u.is_active AND u.email = %(address)s
    )
    AND NOT EXISTS (SELECT 1 FROM digest_suppression WHERE address_hash = %(address_hash)s)
    AND NOT EXISTS (SELECT 1 FROM digest_relay WHERE id = 1 AND (is_paused OR alarm <> '' OR down_until > %(now)s))
  THEN %(begun)s
  WHEN %(done)s > done THEN %(done)s ELSE done END
WHERE worker = %(worker)s
RETURNING begun
"""

# A list on PostgreSQL, so that the rows are looked for, and locked, once.
CLAIM = """
UPDATE digest_delivery SET
  state = 'claimed', claimed_by = %(worker)s, lease_until = %(lease)s, assembled_at = COALESCE(assembled_at, %(now)s)
WHERE id {among}
RETURNING id
"""
_DUE = """
  SELECT id FROM digest_delivery
  WHERE state = 'due' AND due_at <= %(now)s AND (not_before IS NULL OR not_before <= %(now)s)
  ORDER BY due_at, id LIMIT %(limit)s
"""
AMONG = {"sqlite": f"IN ({_DUE})", "postgresql": f"= ANY(ARRAY({_DUE} FOR UPDATE SKIP LOCKED))"}


def run(sql: str, values: dict[str, Any]) -> list[Any]:
    """Runs one of them, outside or inside a transaction; the rows it returned."""
    connection.ensure_connection()
    sql = _in_words_of(connection.vendor, sql)
    with connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            return _on_postgres(sql, values)
        with turn():
            cursor = connection.connection.execute(sql, {name: _plain(value) for name, value in values.items()})
            try:
                return cast("list[Any]", cursor.fetchall())
            finally:
                cursor.close()


def _on_postgres(sql: str, values: dict[str, Any]) -> list[Any]:
    cursor = _cursor_of(connection.connection)
    cursor.execute(sql, values)
    return cast("list[Any]", cursor.fetchall())


@lru_cache(maxsize=1)
def _cursor_of(raw: Any) -> Any:
    """One for all statements of a connection: it knows the last one, which is nearly always the next."""
    from psycopg import Cursor  # noqa: PLC0415  needed on PostgreSQL only

    # Django binds values on its own side, so that each statement is planned anew. Poolers that share a
    # connection between transactions cannot keep a plan, and their users set this option anyway.
    if not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS", False):
        raw.prepare_threshold = 2
    return Cursor(raw)


class turn:  # noqa: N801  reads as what it is: with turn()
    """Queues up with the other workers of an SQLite file.

    SQLite itself lets those who wait sleep, for ten times as long as a mail's commit takes.
    """

    __slots__ = ("lock",)

    def __enter__(self) -> None:
        self.lock = -1
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            # A descriptor that a forked child inherited would be the parent's own lock.
            self.lock = _lock_of(str(connection.settings_dict["NAME"]), os.getpid())
            if self.lock >= 0:
                fcntl.flock(self.lock, fcntl.LOCK_EX)

    def __exit__(self, *error: object) -> None:
        if self.lock >= 0:
            fcntl.flock(self.lock, fcntl.LOCK_UN)


@lru_cache(maxsize=4)
def _lock_of(database: str, process: int) -> int:
    """A file beside the database to lock; none for one in memory."""
    return -1 if "memory" in database else os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT, 0o600)


def read_by_index() -> None:
    """From now on PostgreSQL looks up the rows of a batch one by one, however many it takes a table to have.

    Of rows that came a moment ago it has no statistics yet, and would read all of them to find a few hundred.
    Nor does it compile what then looks costly and is not.
    """
    if connection.vendor == "postgresql":
        _set("SET enable_seqscan TO off; SET jit TO off")


def commit_quickly() -> None:
    """From now on PostgreSQL does not wait for the disk at each commit of this connection.

    Killing processes loses nothing by it. A crash of the database's own machine may undo the last
    moments: what was settled then is sent again under the same Message-ID, and nothing is lost.
    SQLite in WAL mode behaves like this by itself.
    """
    if connection.vendor == "postgresql" and not settings.DIGEST_FLUSH_EACH_MAIL:
        _set("SET synchronous_commit TO off")


def commit_lastingly() -> None:
    """The end of both."""
    if connection.vendor == "postgresql" and connection.connection is not None:
        with suppress(Error):
            _set("RESET synchronous_commit; RESET enable_seqscan; RESET jit")


def flush_this_transaction() -> None:
    """Makes the transaction that is open wait for the disk, and for all that came before it."""
    if connection.vendor == "postgresql":
        _set("SET LOCAL synchronous_commit TO on")


def _set(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@cache
def _in_words_of(vendor: str, sql: str) -> str:
    sql = sql.replace("{among}", AMONG[vendor])
    return re.sub(r"%\((\w+)\)s", r":\1", sql) if vendor == "sqlite" else sql


def _plain(value: Any) -> Any:
    """As Django stores it on SQLite."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
