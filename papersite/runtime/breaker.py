"""Notices in a web process that PostgreSQL does not answer, and lets nobody wait for it.

A server that is gone refuses at once. One that is frozen takes every question and answers none: threads would
wait until there is none left to show even the pages that need no database. A thread asks every second; where no
answer comes in time, all connections of the process are hung up, and new requests are told at once, until one comes.
"""

import logging
import os
import socket
import threading
import time
from contextlib import suppress
from typing import Any
from weakref import WeakSet

from django.db import connection
from django.db.backends.signals import connection_created
from django.db.utils import InterfaceError, OperationalError

logger = logging.getLogger(__name__)

PATIENCE = 5.0
EVERY = 1.0


class Breaker:
    def __init__(self) -> None:
        self.is_away = False
        self._asked_at: float | None = None
        self._failures = 0
        self._connections: WeakSet[Any] = WeakSet()
        self._asker = 0

    def start(self) -> None:
        """Where the database is a server's."""
        if connection.vendor != "postgresql":
            return
        connection_created.connect(self._opened, dispatch_uid="papersite.runtime.breaker")
        for job in (self._ask_on, self._watch):
            threading.Thread(target=job, name="breaker", daemon=True).start()

    def _opened(self, connection: Any, **signal: Any) -> None:
        if threading.get_ident() != self._asker:
            self._connections.add(connection.connection)

    def _ask_on(self) -> None:
        self._asker = threading.get_ident()
        while True:
            self._ask()
            time.sleep(EVERY)

    def _ask(self) -> None:
        self._asked_at = time.monotonic()
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except (OperationalError, InterfaceError):
            with suppress(Exception):
                connection.close()
            self._failures += 1
            # One may be a restart's, over before anybody noticed.
            if self._failures > 1:
                self._turn(is_away=True)
        else:
            self._failures = 0
            self._turn(is_away=False)
        finally:
            self._asked_at = None

    def _watch(self) -> None:
        while True:
            time.sleep(EVERY / 2)
            self._look()

    def _look(self) -> None:
        asked_at = self._asked_at
        if asked_at is not None and time.monotonic() - asked_at > PATIENCE:
            self._turn(is_away=True)
            self._hang_up()

    def _turn(self, *, is_away: bool) -> None:
        if is_away != self.is_away:
            logger.warning("database.away" if is_away else "database.back")
        self.is_away = is_away

    def _hang_up(self) -> None:
        """Who waits for an answer on one of them is told that it broke."""
        for one in list(self._connections):
            with suppress(OSError, OperationalError):
                held = socket.socket(fileno=os.dup(one.fileno()))
                with held:
                    held.shutdown(socket.SHUT_RDWR)
            self._connections.discard(one)


breaker = Breaker()
