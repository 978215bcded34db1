"""Django's own, one host after the other."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

# PostgreSQL's advisory locks are numbers, whose meaning each program agrees on with itself.
LOCK = 0x706170657273
ASK_EVERY = 0.5
GIVE_UP_AFTER = 3600.0


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        with self._alone(connection):
            super().handle(*args, **options)

    @contextmanager
    def _alone(self, connection: Any) -> Iterator[None]:
        """Several hosts that start at once migrate one by one, and the later ones find nothing to do.

        Asked again and again: one that waits inside a statement would hold up indexes that are made concurrently,
        which wait for every statement to end. The lock goes with the connection, whatever happens to the process.
        """
        deadline, waits = time.monotonic() + GIVE_UP_AFTER, False
        while not _ask(connection, "SELECT pg_try_advisory_lock(%s)"):
            if not waits:
                self.stdout.write("Another host is migrating this database; waiting for it.")
            waits = True
            if time.monotonic() > deadline:
                raise CommandError("Another host has been migrating for an hour: see pg_locks for the advisory lock.")
            time.sleep(ASK_EVERY)
        try:
            yield
        finally:
            if connection.connection is not None and not connection.connection.closed:
                _ask(connection, "SELECT pg_advisory_unlock(%s)")


def _ask(connection: Any, statement: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [LOCK])
        return bool(cursor.fetchone()[0])
