"""What the site asks of each connection to its database."""

from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import DateField, Func
from django.utils.deconstruct import deconstructible

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


@deconstructible(path="papersite.database.FirstOfMonth")
class FirstOfMonth(Func):
    """The first day of a date's month, in words that the database knows by itself.

    Django's own words for SQLite are functions of Python, which no other program has: its tools could
    then neither check nor copy a file that holds them in a constraint.
    """

    output_field = DateField()
    template = "date_trunc('month', %(expressions)s)::date"
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="date(%(expressions)s, 'start of month')", **extra)
