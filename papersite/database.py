"""What the site asks of each connection to its database."""

from typing import Any

from django.db.backends.signals import connection_created

# In seconds, on either database.
LOCK_SECONDS = 30

SQLITE: dict[str, Any] = {
    # Taking the write lock at BEGIN makes every claim exclusive and never deadlocks.
    "transaction_mode": "IMMEDIATE",
    "timeout": LOCK_SECONDS,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=268435456;",
}
# libpq's: a server that vanished is noticed within a minute, whatever it was asked.
POSTGRESQL: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


def with_options(configured: dict[str, Any]) -> dict[str, Any]:
    """An entry of DATABASES; what stands in the URL's query goes before ours."""
    if configured["ENGINE"] == "django.db.backends.sqlite3":
        # Opening the file and telling it all of the above takes longer than most of what is asked of it.
        return configured | {"CONN_MAX_AGE": 60, "OPTIONS": SQLITE | configured.get("OPTIONS", {})}
    return configured | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": POSTGRESQL | configured.get("OPTIONS", {}),
    }


def limit_lock_waits(connection: Any, **signal: Any) -> None:
    """On PostgreSQL a statement that waits for a lock fails after a while, as it does on SQLite.

    Not by libpq's ``options``: poolers refuse them.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{round(1000 * LOCK_SECONDS)}ms"])


connection_created.connect(limit_lock_waits, dispatch_uid="papersite.limit_lock_waits")
