"""The broker of a site that has none: files in a folder."""

from typing import Any

from kombu import Connection
from kombu.transport import filesystem

ATTENTION = 0.3


class Transport(filesystem.Transport):
    """Celery's own, but looks up more often: a worker that is asked to stop waits out two of these
    looks, which of Celery's own length take over four seconds."""

    def drain_events(self, connection: Connection, timeout: float | None = None, **options: Any) -> Any:
        return super().drain_events(connection, timeout=ATTENTION if timeout is None else min(timeout, ATTENTION))
