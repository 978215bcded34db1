"""How each process says that it lives: a thread beside its work, with a connection of its own to the database."""

import logging
import os
import socket
import threading
import tomllib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections
from django.dispatch import Signal
from django.utils import timezone

from papersite.models import Heartbeat, Probe

logger = logging.getLogger(__name__)

EVERY = 15.0
# So long a row is kept of a process that is gone: for a day an operator sees what ran.
KEPT_FOR = timedelta(days=1)
beaten = Signal()
"""After each sign of life, with ``name`` and ``now``: for what somebody must look at though beat is gone."""


@cache
def version() -> str:
    """Of this program, as its project file has it."""
    with (Path(settings.BASE_DIR) / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


@cache
def host() -> str:
    return socket.gethostname()[:100]


def note(name: str, now: datetime, *, started_at: datetime, queues: Iterable[str] = (), **figures: Any) -> None:
    """Writes that this process lives."""
    row = Heartbeat(
        name=name, host=host(), pid=os.getpid(), queues=",".join(queues), version=version(),
        started_at=started_at, beaten_at=now, figures=figures,
    )  # fmt: skip
    fields = ["queues", "version", "started_at", "beaten_at", "figures"]
    Heartbeat.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["name", "host", "pid"], update_fields=fields
    )
    Heartbeat.objects.filter(beaten_at__lt=now - KEPT_FOR).delete()


def probed(queue: str, ordered_at: datetime, now: datetime) -> None:
    Probe.objects.update_or_create(queue=queue, defaults={"ordered_at": ordered_at, "done_at": now})


class Pulse:
    """Says every few seconds that this process lives, as long as ``is_alive`` does."""

    def __init__(
        self,
        name: str,
        *,
        queues: Iterable[str] = (),
        is_alive: Callable[[], bool] = lambda: True,
        figures: Callable[[], dict[str, Any]] = dict,
    ) -> None:
        self.name = name
        self.queues = tuple(queues)
        self.is_alive = is_alive
        self.figures = figures
        self.started_at = timezone.now()
        self._is_away = False
        self._ended = threading.Event()

    def start(self) -> "Pulse":
        threading.Thread(target=self._run, name=f"heartbeat {self.name}", daemon=True).start()
        return self

    def stop(self) -> None:
        self._ended.set()

    def _run(self) -> None:
        while True:
            if self.is_alive():
                self.beat()
            # The connection is let go: whoever forks meanwhile takes none along.
            connections.close_all()
            if self._ended.wait(EVERY):
                return

    def beat(self) -> None:
        """Once; a database that is away is said once, and costs no more than this sign."""
        now = timezone.now()
        try:
            note(self.name, now, started_at=self.started_at, queues=self.queues, **self.figures())
        except DatabaseError as error:
            if not self._is_away:
                logger.warning("heartbeat.not_written name=%s reason=%s", self.name, type(error).__name__)
            self._is_away = True
            return
        except Exception:
            # Whatever it is, the process goes on, and so do its signs of life.
            logger.exception("heartbeat.not_written name=%s", self.name)
            return
        self._is_away = False
        for receiver, answer in beaten.send_robust(sender=Pulse, name=self.name, now=now):
            if isinstance(answer, Exception):
                logger.warning("heartbeat.receiver_failed receiver=%s error=%s", receiver, type(answer).__name__)
