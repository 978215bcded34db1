"""What the site asks of each connection to its database."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

# As long as the settings let SQLite wait for its lock.
LOCK_SECONDS = 30


def limit_lock_waits(connection: BaseDatabaseWrapper, **signal: Any) -> None:
    """On PostgreSQL a statement that waits for a lock fails after a while, as it does on SQLite.

    Not by libpq's ``options``: poolers refuse them.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{round(1000 * LOCK_SECONDS)}ms"])


connection_created.connect(limit_lock_waits, dispatch_uid="papersite.limit_lock_waits")
