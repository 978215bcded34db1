"""Notices that the database is older than what was mailed: that a backup of it was restored.

Places outside of the database, this host's folder of data and the cache that hosts share, keep a count. The
database counts along and is always first, so that a place which says more remembers what the database has
forgotten. Mail stops then, before any leaves, until somebody has looked. A place that was lost begins anew,
and so does each with a database that it never saw.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Protocol
from uuid import UUID, uuid4

from django.conf import settings
from django.core.cache import cache
from django.db.models.functions import Greatest

from digest.models import HighWaterMark, Relay
from digest.sending import relay

logger = logging.getLogger(__name__)

OLDER = (
    "The database is older than what was mailed: it seems to be a restored backup. "
    "Run manage.py restored, which keeps readers from being mailed twice."
)
# In minutes, as it is counted once in each: what the crash of a machine may undo is mailed again under the
# same Message-ID, and stops nothing.
LOST_IN_A_CRASH = 3
# A place remembers so many databases; each restore that was told of makes one more.
REMEMBERED = 50


@dataclass(slots=True)
class Memory:
    """What a place holds: its own name, and its count for each database that it saw."""

    place: UUID = field(default_factory=uuid4)
    counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, text: Any) -> "Memory":
        """One that cannot be read is lost, as if the place were new."""
        try:
            held = json.loads(text)
            return cls(UUID(held["place"]), {str(UUID(name)): int(count) for name, count in held["counts"].items()})
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()

    def written(self) -> str:
        return json.dumps({"place": str(self.place), "counts": dict(list(self.counts.items())[-REMEMBERED:])})


class Place(Protocol):
    def read(self) -> Memory: ...

    def write(self, memory: Memory) -> None: ...


class Folder:
    """The folder of data of this host."""

    def __init__(self) -> None:
        self.path: Path = settings.DATA_DIR / "high-water.json"

    def read(self) -> Memory:
        with suppress(OSError, UnicodeDecodeError):
            return Memory.read(self.path.read_text())
        return Memory()

    def write(self, memory: Memory) -> None:
        try:
            with NamedTemporaryFile("w", dir=self.path.parent, prefix=".high-water-", delete=False) as file:
                file.write(memory.written())
            Path(file.name).replace(self.path)
        except OSError as error:
            logger.warning("high_water.not_written error=%s", error)


class Cache:
    """What all hosts share, where they do."""

    KEY = "digest.high-water"

    def read(self) -> Memory:
        with suppress(Exception):
            return Memory.read(cache.get(self.KEY))
        return Memory()

    def write(self, memory: Memory) -> None:
        # Without its cache a site goes on, and the folder is there still.
        with suppress(Exception):
            cache.set(self.KEY, memory.written(), timeout=None)


def check(now: datetime) -> None:
    """Sounds the alarm where a place remembers what this database does not know."""
    memories = [place.read() for place in _places()]
    database = _database_id()
    known = dict(HighWaterMark.objects.filter(pk__in=[one.place for one in memories]).values_list("place", "count"))
    if any(one.counts.get(database, 0) > known.get(one.place, 0) + LOST_IN_A_CRASH for one in memories):
        relay.alarm(OLDER, now)


def advance(now: datetime) -> None:
    """Counts one on, here and then in each place that says no more than it may. Not within a transaction."""
    database = _database_id()
    for place in _places():
        memory = place.read()
        seen = memory.counts.pop(database, 0)
        mark, _ = HighWaterMark.objects.get_or_create(place=memory.place, defaults={"marked_at": now})
        if seen > mark.count + LOST_IN_A_CRASH:
            continue
        HighWaterMark.objects.filter(pk=mark.pk).update(count=Greatest("count", seen) + 1, marked_at=now)
        mark.refresh_from_db()
        memory.counts[database] = mark.count
        place.write(memory)


def begin_anew() -> None:
    """After a restore that was told of: for all places this is another database from now on.

    They keep their counts for what it was, should the same backup be restored once more.
    """
    relay.relay()
    Relay.objects.update(database_id=uuid4())
    HighWaterMark.objects.all().delete()


def _places() -> Iterator[Place]:
    yield Folder()
    if settings.REDIS_URL:
        yield Cache()


def _database_id() -> str:
    held = relay.relay()
    if held.database_id is None:
        Relay.objects.filter(database_id=None).update(database_id=uuid4())
        held.refresh_from_db()
    return str(held.database_id)
