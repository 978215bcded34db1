"""What a load balancer asks: whether this process lives, and whether it can show pages."""

import time
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache as site_cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from papersite.cache import Away
from papersite.runtime import broker
from papersite.runtime.breaker import breaker

OK, BROKEN = "ok", "broken"
# In seconds: so long an answer about what is another machine's is good.
GOOD_FOR = 5.0
_looked: dict[str, tuple[float, str]] = {}


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """This process answers; what it needs is not asked for, since a restart would not bring it back."""
    return JsonResponse({"status": OK})


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """503 where no page can be made. What only makes some poorer is said, and takes nobody out."""
    needed = {"database": _database(), "migrations": _migrations(), "static files": _static_files()}
    wished = {"index": _index(), "broker": _sometimes("broker", _broker), "cache": _sometimes("cache", _cache)}
    is_ready = set(needed.values()) == {OK}
    status = BROKEN if not is_ready else OK if set(wished.values()) == {OK} else "degraded"
    return JsonResponse({"status": status, "checks": needed | wished}, status=200 if is_ready else 503)


def _database() -> str:
    if breaker.is_away:
        return BROKEN
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return BROKEN
    return OK


def _migrations() -> str:
    if breaker.is_away:
        return "unknown"
    try:
        return OK if _is_migrated() else "missing"
    except DatabaseError:
        return "unknown"


def _is_migrated() -> bool:
    """Once they are applied, they stay so for as long as this process runs."""
    if not _looked.get("migrated"):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _looked["migrated"] = (time.monotonic(), OK)
    return True


@cache
def _static_files() -> str:
    """Without the list of them no page finds its own."""
    return OK if settings.DEBUG or getattr(staticfiles_storage, "hashed_files", {}) else "missing"


def _index() -> str:
    return OK if (settings.INDEX_DIR / "current").exists() else "missing"


def _broker() -> str:
    return OK if broker.answers() else "away"


def _cache() -> str:
    try:
        site_cache.add("health", 1, timeout=1)
    except Away:
        return "away"
    return OK


def _sometimes(name: str, look: Callable[[], str]) -> str:
    at, said = _looked.get(name, (-GOOD_FOR, ""))
    if time.monotonic() - at >= GOOD_FOR:
        said = look()
        _looked[name] = (time.monotonic(), said)
    return said
