"""Database, broker, disk and index, as this host finds them."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from papersite.catalogue.models import Revision
from papersite.catalogue.search.folder import Folder
from papersite.doctor.lines import Line, wrong
from papersite.models import Heartbeat
from papersite.runtime import broker

# In seconds: how far two clocks may be apart, and what a question to Redis may take.
APART = 2.0
PATIENCE = 3
LEAST_FREE = 500_000_000
LEAST_SHARE = 0.05
LOCAL = {"localhost", "127.0.0.1", "::1", ""}


def database(now: datetime) -> Iterator[Line]:
    """Nothing else is asked of a database that does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        yield wrong("database", f"does not answer ({type(error).__name__}): start it, or mend DATABASE_URL")
        return
    yield Line("database", f"{connection.vendor} answers")
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield wrong("migrations", f"{len(missing)} are missing: run manage.py migrate")
        return
    yield Line("migrations", "all applied")
    yield clock(now)
    hosts = sorted({one.host for one in Heartbeat.objects.all() if one.is_alive(now)})
    if connection.vendor == "sqlite" and len(hosts) > 1:
        yield wrong("hosts", f"{', '.join(hosts)} share one SQLite file: it is for one machine; use PostgreSQL")
    else:
        yield Line("hosts", ", ".join(hosts) or "none has a process running")


def clock(now: datetime) -> Line:
    """Against the database's, which all hosts share."""
    if connection.vendor != "postgresql":
        return Line("clock", "the database has this machine's")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
    apart = (datetime.now(UTC) - theirs) / timedelta(seconds=1)
    if abs(apart) > APART:
        return wrong("clock", f"{apart:+.1f} s from the database's: turn on time synchronisation (NTP) on both")
    return Line("clock", f"{apart:+.1f} s from the database's")


def messages() -> Iterator[Line]:
    if broker.answers():
        yield Line("broker", f"{urlsplit(settings.CELERY_BROKER_URL).scheme} answers")
    else:
        yield wrong("broker", "does not answer: start it, or mend REDIS_URL or CELERY_BROKER_URL; mail goes on slowly")
    for url in sorted({settings.REDIS_URL, settings.CELERY_BROKER_URL}):
        if url.startswith(("redis:", "rediss:")):
            yield from _redis(url)


def _redis(url: str) -> Iterator[Line]:
    place = urlsplit(url)
    is_far = (place.hostname or "") not in LOCAL
    if is_far and not place.password:
        yield wrong("Redis, password", "anybody on its network may write to it: set requirepass, and it in REDIS_URL")
    if is_far and place.scheme != "rediss":
        yield wrong("Redis, TLS", "sessions' limits and orders pass in the clear: use rediss://")
    try:
        with redis.Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=True
        ) as server:
            told: Any = server.info("memory")
    except redis.RedisError as error:
        yield wrong("Redis", f"does not answer ({type(error).__name__})")
        return
    policy, limit = told.get("maxmemory_policy", "noeviction"), int(told.get("maxmemory", 0))
    if limit and policy != "noeviction":
        yield wrong("Redis, eviction", f"{policy} may drop orders and counts: set maxmemory-policy noeviction")
    else:
        yield Line("Redis, eviction", policy)


def disk() -> Line:
    found = shutil.disk_usage(settings.DATA_DIR)
    said = f"{found.free / 1e9:.1f} GB free of {found.total / 1e9:.1f} GB at {settings.DATA_DIR}"
    if found.free < LEAST_FREE or found.free < LEAST_SHARE * found.total:
        return wrong("disk", f"{said}: make room")
    return Line("disk", said)


def index() -> Line:
    generation = Folder(settings.INDEX_DIR).current()
    if generation is None or generation.revision is None:
        return wrong("index", "there is none on this host: run manage.py index, and keep its writer running")
    try:
        newest = Revision.objects.order_by("-number").values_list("number", flat=True).first() or 0
    except DatabaseError:
        return Line("index", "is there")
    lag = max(0, newest - generation.revision)
    return Line("index", f"is there, {lag} rounds of changes behind")
