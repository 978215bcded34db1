"""The statements of the hot loop, written out: Django would compose and the database plan them anew at each mail."""

import fcntl
import logging
import os
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, cast

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections

logger = logging.getLogger(__name__)

# In seconds: how long a worker queues, and how often it looks, a fraction of what a commit takes.
QUEUE_SECONDS = 10.0
QUEUE_NAP = 0.0002
# What libpq calls them.
_COMMAND_OK, _TUPLES_OK = 1, 2
_VALUE = re.compile(r"%\((\w+)\)s")

# Says that one mail was accepted and that the next is being sent, in one commit. Whether its reader still
# wants it and may have it is asked here and not before: what was asked earlier may have changed. Taken
# again, it changes nothing more. What is behind the cursor counts as accepted, so it never goes back.
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
    AND NOT EXISTS (SELECT 1 FROM digest_edition WHERE day = %(day)s AND state = 'held')
    AND NOT EXISTS (SELECT 1 FROM digest_relay WHERE id = 1 AND (is_paused OR alarm <> '' OR down_until > %(now)s))
  THEN %(begun)s
  WHEN %(done)s > done THEN %(done)s ELSE done END
WHERE worker = %(worker)s
RETURNING begun
"""

# A list on PostgreSQL, so that the rows are looked for, and locked, once. The key is made here and not before:
# a mail that a worker of the former release sends, or has sent already, goes by the number alone. The address
# that the mail will go to is kept with it, since what comes back may only ever concern this one. Where a mail may
# have left already, it stays the one which that went to.
CLAIM = """
UPDATE digest_delivery SET
  state = 'claimed', claimed_by = %(worker)s, lease_until = %(lease)s, assembled_at = COALESCE(assembled_at, %(now)s),
  key = CASE WHEN assembled_at IS NULL THEN COALESCE(key, {random}) ELSE key END,
  mailed_to = CASE WHEN is_uncertain AND mailed_to <> '' THEN mailed_to ELSE (
    SELECT {address_hash} FROM digest_subscription AS s JOIN accounts_user AS u ON u.id = s.reader_id
    WHERE s.id = digest_delivery.subscription_id
  ) END
WHERE id {among}
RETURNING id
"""
_DUE = """
  SELECT id FROM digest_delivery
  WHERE state = 'due' AND due_at <= %(now)s AND (not_before IS NULL OR not_before <= %(now)s){besides}
  ORDER BY due_at, id LIMIT %(limit)s
"""
RANDOM = {"sqlite": "UUIDV4()", "postgresql": "gen_random_uuid()"}
AMONG = {"sqlite": f"IN ({_DUE})", "postgresql": f"= ANY(ARRAY({_DUE} FOR UPDATE SKIP LOCKED))"}

BESIDES = {"sqlite": "", "postgresql": ""}

# As ``tokens.address_hash`` has it of an address in lower case; Django gives SQLite the function.
ADDRESS_HASH = {"sqlite": "SHA256(u.email)", "postgresql": "encode(sha256(convert_to(u.email, 'UTF8')), 'hex')"}


@lru_cache(maxsize=32)
def _claim_besides(days: tuple[date, ...]) -> str:
    written = ", ".join(f"'{day:%Y-%m-%d}'" for day in days)
    return CLAIM.replace("{among}", AMONG[connection.vendor]).replace("{besides}", f" AND day NOT IN ({written})")


def claim_besides(days: Sequence[date]) -> str:
    """The statement that claims, except what belongs to these days."""
    return _claim_besides(tuple(days)) if days else CLAIM


def run(sql: str, values: dict[str, Any]) -> list[Any]:
    """Runs one of them, outside or inside a transaction; the rows of numbers it returned."""
    held = connections[DEFAULT_DB_ALIAS]
    held.ensure_connection()
    sql = _in_words_of(held.vendor, sql)
    with held.wrap_database_errors:
        if held.vendor == "postgresql":
            # Within a transaction psycopg must know of it. Poolers that share a connection between
            # transactions keep no statement, and their users set this option anyway.
            if held.in_atomic_block or held.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS", False):
                return cast("list[Any]", held.connection.execute(sql, values).fetchall())
            return _prepared_of(held.connection).run(sql, values)
        with write_lock():
            cursor = held.connection.execute(sql, {name: plain(value) for name, value in values.items()})
            try:
                return cast("list[Any]", cursor.fetchall())
            finally:
                cursor.close()


@lru_cache(maxsize=1)
def _prepared_of(raw: Any) -> "_Prepared":
    return _Prepared(raw)


class _Prepared:
    """The statements that one connection to PostgreSQL has prepared, asked past psycopg's cursors.

    These bind and wait in Python, which takes twice as long as all the rest of a mail's statement.
    """

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.known: dict[str, tuple[bytes, list[str]]] = {}

    def run(self, sql: str, values: dict[str, Any]) -> list[tuple[int, ...]]:
        name, order = self.known.get(sql) or self._prepare(sql)
        found = self.raw.pgconn.exec_prepared(name, [_text(values[key]) for key in order])
        if found.status != _TUPLES_OK:
            raise self._error(found)
        return [
            tuple(int(found.get_value(row, column)) for column in range(found.nfields)) for row in range(found.ntuples)
        ]

    def _prepare(self, sql: str) -> tuple[bytes, list[str]]:
        order = list(dict.fromkeys(_VALUE.findall(sql)))
        name = b"papersite_%d" % len(self.known)
        in_order = _VALUE.sub(lambda value: f"${order.index(value[1]) + 1}", sql)
        made = self.raw.pgconn.prepare(name, in_order.encode())
        if made.status != _COMMAND_OK:
            raise self._error(made)
        self.known[sql] = name, order
        return self.known[sql]

    def _error(self, found: Any) -> Exception:
        from psycopg import OperationalError, errors  # noqa: PLC0415  needed on PostgreSQL only

        if self.raw.closed:
            return OperationalError(found.error_message.decode(errors="replace"))
        return errors.error_from_result(found)


def _text(value: Any) -> bytes:
    """As PostgreSQL reads it."""
    return (value.isoformat() if isinstance(value, date) else str(value)).encode()


class write_lock:  # noqa: N801  reads as what it is: with write_lock()
    """Queues up with the other workers of an SQLite file.

    SQLite itself lets those who wait sleep, for ten times as long as a mail's commit takes. Its own
    lock is what protects the data: whoever has queued for too long goes on to that, which has an end
    and an error of its own.
    """

    __slots__ = ("lock",)

    def __enter__(self) -> None:
        self.lock = -1
        # Not by the name of all connections, which looks for this one at each word.
        held = connections[DEFAULT_DB_ALIAS]
        if held.vendor == "sqlite" and not held.in_atomic_block:
            # A descriptor that a forked child inherited would be the parent's own lock.
            self.lock = _lock_of(str(held.settings_dict["NAME"]), os.getpid())
            if self.lock >= 0:
                _queue(self.lock)

    def __exit__(self, *error: object) -> None:
        if self.lock >= 0:
            fcntl.flock(self.lock, fcntl.LOCK_UN)


def _queue(lock: int) -> None:
    """Not by the system's own wait, which ends only with the holder, be that stopped or stuck."""
    until = time.monotonic() + QUEUE_SECONDS
    while time.monotonic() < until:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(QUEUE_NAP)
        else:
            return
    logger.warning("database.queue_is_stuck seconds=%s", QUEUE_SECONDS)


@lru_cache(maxsize=4)
def _lock_of(database: str, process: int) -> int:
    """A file beside the database to lock; none for one in memory."""
    return -1 if "memory" in database else os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT, 0o600)


def read_by_index() -> None:
    """From now on PostgreSQL looks up the rows of a batch one by one, however many it takes a table to have.

    Of rows that came a moment ago it has no statistics yet, and would read all of them to find a few hundred,
    be it the table or, by a bitmap, the whole of an index. Nor does it compile what then looks costly and is not.
    """
    if connection.vendor == "postgresql":
        _set("SET enable_seqscan TO off; SET enable_bitmapscan TO off; SET jit TO off")


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
            _set("RESET synchronous_commit; RESET enable_seqscan; RESET enable_bitmapscan; RESET jit")


def flush_this_transaction() -> None:
    """Makes the transaction that is open wait for the disk, and for all that came before it."""
    if connection.vendor == "postgresql":
        _set("SET LOCAL synchronous_commit TO on")


def _set(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@cache
def _in_words_of(vendor: str, sql: str) -> str:
    for word, written in (
        ("{among}", AMONG),
        ("{besides}", BESIDES),
        ("{random}", RANDOM),
        ("{address_hash}", ADDRESS_HASH),
    ):
        sql = sql.replace(word, written[vendor])
    return _VALUE.sub(r":\1", sql) if vendor == "sqlite" else sql


def plain(value: Any) -> Any:
    """As Django stores it on SQLite."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
