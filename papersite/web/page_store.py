"""Finished pages that all strangers are shown alike, packed once and kept for a while.

Each web process keeps those that are asked for in its memory, up to so many bytes. Where there is Redis, all
processes share the pages without parameters, which are as many as the site has addresses; pages with some
(``?after=…``, searches) are as many as somebody makes up, and stay in the memory that has its bound.

Two marks, shared through the cache, say how long a page is good: ``emptied`` is a curator's doing, after which
no older page is shown; ``changed`` that papers came or moved, after which it is shown once more while it is made anew.
"""

import gzip
import hashlib
import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeVar, cast

from django.core.cache import DEFAULT_CACHE_ALIAS, cache, caches
from django.db import transaction

from papersite.cache import Away, RedisCache

T = TypeVar("T")
logger = logging.getLogger(__name__)

MEMORY_BYTES = 32_000_000
# In seconds: how old a page is shown while another is made, and how often the marks are looked at.
STALE = 600.0
MOST_PARTS = 500
LOOK_EVERY = 1.0
PACKED_AT_LEVEL = 6
EMPTIED, CHANGED = "pages:emptied", "pages:changed"


@dataclass(frozen=True, slots=True)
class Marks:
    emptied: int = 0
    changed: int = 0


@dataclass(frozen=True)
class Finished:
    """A page as it goes out."""

    packed: bytes
    """With gzip."""
    content_type: str
    made_at: float
    marks: Marks

    @cached_property
    def digest(self) -> str:
        """For the ETag."""
        return hashlib.sha256(self.packed).hexdigest()[:32]

    @cached_property
    def body(self) -> bytes:
        """For the few who take no gzip."""
        return gzip.decompress(self.packed)

    @property
    def size(self) -> int:
        # Unpacked it may lie there as well.
        return 6 * len(self.packed) + 1000

    def to_bytes(self) -> bytes:
        told = [self.content_type, self.made_at, self.marks.emptied, self.marks.changed]
        return json.dumps(told).encode() + b"\n" + self.packed

    @classmethod
    def from_bytes(cls, written: bytes) -> "Finished":
        head, _, packed = written.partition(b"\n")
        content_type, made_at, emptied, changed = json.loads(head)
        return cls(packed, content_type, made_at, Marks(emptied, changed))


def finish(body: bytes, content_type: str, marks: Marks) -> Finished:
    # Without a moment in it: the same page is the same bytes, and so has the same ETag.
    return Finished(gzip.compress(body, PACKED_AT_LEVEL, mtime=0), content_type, time.time(), marks)


class Dated(Protocol):
    """What was made of the papers of a moment."""

    @property
    def made_at(self) -> float: ...
    @property
    def marks(self) -> Marks: ...


class Sized(Protocol):
    @property
    def size(self) -> int: ...


class Memory[Page: Sized]:
    """The pages that were asked for last, up to so many bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bytes = 0
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: str, page: Page) -> None:
        with self._lock:
            former = self._pages.pop(key, None)
            self.bytes += page.size - (former.size if former else 0)
            self._pages[key] = page
            while self.bytes > self.limit and len(self._pages) > 1:
                _, oldest = self._pages.popitem(last=False)
                self.bytes -= oldest.size

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self.bytes = 0


class Store:
    def __init__(self, memory: Memory[Finished]) -> None:
        self.memory = memory
        self._marks = Marks()
        self._looked_at = 0.0

    def marks(self) -> Marks:
        """As they were a moment ago; while nobody answers, as they were."""
        if time.monotonic() - self._looked_at > LOOK_EVERY:
            self._looked_at = time.monotonic()
            try:
                self._marks = Marks(_mark_of(EMPTIED, self._marks.emptied), _mark_of(CHANGED, self._marks.changed))
            except Away:
                logger.warning("pages.cache_is_away")
        return self._marks

    def look_again(self) -> None:
        self._looked_at = 0.0

    def get(self, key: str, *, is_shared: bool) -> Finished | None:
        """A page that may still be shown, however stale."""
        marks = self.marks()
        page = self.memory.get(key)
        if is_shared and (page is None or not self.is_fresh(page, STALE / 10)) and (found := _shared(key)):
            # Another process may have made it anew.
            page = found if page is None or found.made_at > page.made_at else page
            self.memory.put(key, page)
        if page is None or page.marks.emptied != marks.emptied or not 0 <= time.time() - page.made_at + 5 < STALE:
            return None
        return page

    def last(self, key: str, *, is_shared: bool) -> Finished | None:
        """A page however old, unless a curator ended it: for when none can be made."""
        page = self.memory.get(key) or (_shared(key) if is_shared else None)
        return page if page is not None and page.marks.emptied == self.marks().emptied else None

    def put(self, key: str, page: Finished, *, is_shared: bool) -> None:
        self.memory.put(key, page)
        if is_shared and (server := _backend()):
            try:
                server.set_plain(name_of(key), page.to_bytes(), round(STALE))
            except Away:
                logger.warning("pages.cache_is_away")

    def is_fresh(self, page: Dated, seconds: float) -> bool:
        return page.marks == self.marks() and time.time() - page.made_at < seconds


def _shared(key: str) -> Finished | None:
    server = _backend()
    try:
        written = server.get_plain(name_of(key)) if server else None
    except Away:
        return None
    return Finished.from_bytes(written) if written else None


def _backend() -> RedisCache | None:
    """The cache where it is a server's: a file is no faster than making most pages."""
    found = caches[DEFAULT_CACHE_ALIAS]
    return found if isinstance(found, RedisCache) else None


def name_of(key: str) -> str:
    return f"pages:{hashlib.sha256(key.encode()).hexdigest()}"


store = Store(Memory(MEMORY_BYTES))


class Parts:
    """What all readers' pages have in common, worked out once a process; good until papers change, or a moment."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[float, Marks, Any]] = {}

    def get(self, name: str, seconds: float, make: Callable[[], T]) -> T:
        """The part of this name, made anew where it is older; with no seconds always. Nobody may change it."""
        now, marks = time.monotonic(), store.marks()
        made_at, of_marks, part = self._held.get(name, (0.0, None, None))
        if of_marks == marks and now - made_at < seconds:
            return cast("T", part)
        made = make()
        if len(self._held) >= MOST_PARTS:
            self._held.clear()
        self._held[name] = (now, marks, made)
        return made

    def clear(self) -> None:
        self._held.clear()


parts = Parts()


def empty() -> None:
    """No page made so far is shown again, in any process, once what was written is committed."""
    transaction.on_commit(lambda: _mark(EMPTIED))


def renew() -> None:
    """Every page is made anew when it is next asked for, while the former is shown."""
    transaction.on_commit(lambda: _mark(CHANGED))


def _mark_of(name: str, known: int) -> int:
    """What the cache says. One that was emptied itself is told what this process knows: no page is to end by that."""
    found = cache.get(name)
    if found is None and known:
        cache.add(name, known, timeout=round(100 * STALE))
        found = cache.get(name)
    return int(found or known)


def _mark(name: str) -> None:
    try:
        # Longer than any page is shown.
        cache.set(name, time.time_ns(), timeout=round(100 * STALE))
    except Away:
        logger.warning("pages.cache_is_away")
    store.look_again()
