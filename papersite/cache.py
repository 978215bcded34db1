"""The cache that all processes share: Redis, or a file on a single machine."""

import os
import pickle
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisSerializer
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

# In seconds: so long nobody asks again a server that did not answer.
REST = 5.0
TIDY_EVERY = 1000
# What is said to all hosts at once, by the beginnings of its keys: a file of one host knows nothing of it.
OF_ALL = ("pages:", "health")

TABLE = """
CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value BLOB NOT NULL, expires REAL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entries_expires ON entries (expires);
"""
# A row that ran out counts as none.
ADD = """
INSERT INTO entries (key, value, expires) VALUES (:key, :value, :expires)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires WHERE entries.expires <= :now
"""
SET = "INSERT OR REPLACE INTO entries (key, value, expires) VALUES (:key, :value, :expires)"
GET = "SELECT value FROM entries WHERE key = :key AND (expires IS NULL OR expires > :now)"
TOUCH = "UPDATE entries SET expires = :expires WHERE key = :key AND (expires IS NULL OR expires > :now)"
# Numbers are stored as such, all else pickled: so that one statement counts.
INCREASE = """
UPDATE entries SET value = value + :delta
WHERE key = :key AND typeof(value) = 'integer' AND (expires IS NULL OR expires > :now) RETURNING value
"""


# One more than what is there, else the first.
COUNT = """
INSERT INTO entries (key, value, expires) VALUES (:key, :value, :expires)
ON CONFLICT (key) DO UPDATE SET
    value = CASE WHEN entries.expires > :now THEN entries.value + 1 ELSE excluded.value END,
    expires = CASE WHEN entries.expires > :now THEN entries.expires ELSE excluded.expires END
RETURNING value
"""


class Away(Exception):
    """The cache does not answer."""


class FileCache(BaseCache):
    """A file of SQLite's, for all processes of one machine.

    Each call is one statement, so that counting is exact whoever counts at once; nothing is written
    through to the disk, since nothing here must outlive the power. Django's own caches without a server
    count for one process alone, or read all entries to write one.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._path = Path(location)
        self._local = threading.local()

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._run(ADD, key, version, value=_packed(value), expires=self._expires(timeout)).rowcount > 0

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        row = self._run(GET, key, version).fetchone()
        found = _LOST if row is None else _unpacked(row[0])
        return default if found is _LOST else found

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._run(SET, key, version, value=_packed(value), expires=self._expires(timeout))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._run(TOUCH, key, version, expires=self._expires(timeout)).rowcount > 0

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._run("DELETE FROM entries WHERE key = :key", key, version).rowcount > 0

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        rows = self._run(INCREASE, key, version, delta=delta).fetchall()
        if not rows:
            raise ValueError(f"Key {key!r} not found")
        return int(rows[0][0])

    def count(self, key: Any, first: int, timeout: float) -> int:
        """One more than the number that is there; ``first`` where there is none, for so many seconds."""
        return int(self._run(COUNT, key, None, value=first, expires=self._expires(timeout)).fetchall()[0][0])

    def clear(self) -> None:
        self._connection().execute("DELETE FROM entries")

    def _expires(self, timeout: Any) -> float | None:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return None if seconds is None else time.time() + seconds

    def _run(self, statement: str, key: Any, version: int | None, **values: Any) -> sqlite3.Cursor:
        """Raises Away where the file cannot be had, such as on a full disk."""
        named = {"key": self.make_and_validate_key(key, version=version), "now": time.time()} | values
        try:
            connection = self._connection()
            found = connection.execute(statement, named)
        except sqlite3.OperationalError as error:
            raise Away from error
        self._local.calls += 1
        if self._local.calls % TIDY_EVERY == 0:
            connection.execute("DELETE FROM entries WHERE expires <= ?", [time.time()])
        return found

    def _connection(self) -> sqlite3.Connection:
        """One for each thread; a forked process must not use its parent's."""
        if getattr(self._local, "process", None) != os.getpid():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self._path, timeout=5, isolation_level=None)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=OFF")
            connection.executescript(TABLE)
            self._local.connection, self._local.process, self._local.calls = connection, os.getpid(), 0
        found: sqlite3.Connection = self._local.connection
        return found

    def close(self, **kwargs: Any) -> None:
        """Connections live as long as their threads: Django calls this after each request."""


def _packed(value: Any) -> Any:
    return value if type(value) is int else pickle.dumps(value)


# What another release wrote, of classes that this one has elsewhere or not at all, is not there.
_LOST: Any = object()


def _unpacked(stored: Any) -> Any:
    if isinstance(stored, int):
        return stored
    try:
        return pickle.loads(stored)  # noqa: S301  written by the site alone
    except Exception:  # noqa: BLE001  of all that can be wrong with it
        return _LOST


class Serializer(RedisSerializer):
    """Django's, which reads what it can."""

    def loads(self, data: Any) -> Any:
        try:
            return int(data)
        except ValueError:
            return _unpacked(data)


class RedisCache(DjangoRedisCache):
    """Django's own, but a server that does not answer is asked no more for some seconds.

    Meanwhile the option ``stand_in``, a file of this host's, remembers what must be remembered: attempts are counted
    for each host instead of for all. Where there is none, or it cannot be had either, what counts attempts raises
    Away or, with LIMITS_FAIL_OPEN, finds nothing counted. What is kept in bulk is there to save work, and is worked
    out anew.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = dict(params.get("OPTIONS", {}))
        stand_in = options.pop("stand_in", "")
        super().__init__(server, params | {"OPTIONS": {"serializer": Serializer(), **options}})
        self._stand_in = FileCache(stand_in, {}) if stand_in else None
        self._away_until = 0.0

    @contextmanager
    def _asking(self) -> Iterator[None]:
        if time.monotonic() < self._away_until:
            raise Away
        try:
            yield
        except (RedisConnectionError, RedisTimeoutError) as error:
            self._away_until = time.monotonic() + REST
            raise Away from error

    def _ask(self, method: str, neutral: Any, *args: Any, is_open: bool | None = None, **kwargs: Any) -> Any:
        try:
            with self._asking():
                return getattr(super(), method)(*args, **kwargs)
        except Away:
            if is_open is None and self._stand_in is not None and not str(args[0]).startswith(OF_ALL):
                with suppress(Away):
                    return getattr(self._stand_in, method)(*args, **kwargs)
            if settings.LIMITS_FAIL_OPEN if is_open is None else is_open:
                return neutral
            raise

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("add", True, *args, **kwargs)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        found = self._ask("get", default, key, default, version)
        return default if found is _LOST else found

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set", None, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete", False, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("incr", 0, *args, **kwargs)

    def count(self, key: Any, first: int, timeout: float) -> int:
        """As the file counts, in one or two calls."""
        if self.add(key, first, timeout=timeout):
            return first
        try:
            return int(self.incr(key))
        except ValueError:  # it ran out in between
            self.set(key, first, timeout=timeout)
            return first

    def get_plain(self, key: Any) -> bytes | None:
        """Bytes as they are. Raises Away."""
        name = self.make_and_validate_key(key)
        with self._asking():
            return cast("bytes | None", self._cache.get_client(name).get(name))

    def set_plain(self, key: Any, value: bytes, timeout: int) -> None:
        name = self.make_and_validate_key(key)
        with self._asking():
            self._cache.get_client(name, write=True).set(name, value, ex=timeout)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        found = self._ask("get_many", {}, *args, is_open=True, **kwargs)
        return {key: value for key, value in found.items() if value is not _LOST}

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set_many", [], *args, is_open=True, **kwargs)
