"""The broker: files in a folder for a site that has none, and how long any of them is waited for."""

import logging
from pathlib import Path
from typing import Any

from celery import current_app
from kombu import Connection
from kombu.transport import filesystem

logger = logging.getLogger(__name__)

ATTENTION = 0.3


def options(url: str, folder: Path) -> dict[str, Any]:
    """What a transport is told. A broker that fell silent is an error after half a minute."""
    if url.startswith("filesystem:"):
        messages, control = folder / "messages", folder / "control"
        for one in (messages, control):
            one.mkdir(parents=True, exist_ok=True)
        folders = {"data_folder_in": str(messages), "data_folder_out": str(messages), "control_folder": str(control)}
        return {**folders, "polling_interval": 0.2}
    if url.startswith(("redis:", "rediss:")):
        return {"socket_timeout": 30, "socket_connect_timeout": 5, "socket_keepalive": True}
    if url.startswith(("amqp:", "amqps:", "pyamqp:")):
        return {"read_timeout": 30, "write_timeout": 30}
    return {}


class Transport(filesystem.Transport):
    """Celery's own, but looks up more often: a worker that is asked to stop waits out two of these
    looks, which of Celery's own length take over four seconds."""

    def drain_events(self, connection: Connection, timeout: float | None = None, **options: Any) -> Any:
        return super().drain_events(connection, timeout=ATTENTION if timeout is None else min(timeout, ATTENTION))


def waiting(queue: str) -> int:
    """How many orders lie in a queue that no worker has taken yet; none where nobody can say."""
    try:
        with current_app.connection_or_acquire() as connection, connection.channel() as channel:
            return int(channel.queue_declare(queue, passive=True).message_count)
    except Exception as error:  # noqa: BLE001  each transport has its own, and Redis has no queue that is empty
        logger.debug("broker.not_counted error=%s", type(error).__name__)
        return 0


def answers() -> bool:
    """Whether a connection to the broker can be had within a few seconds."""
    try:
        with current_app.connection_for_write(connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=3)
    except Exception as error:  # noqa: BLE001  each transport has its own, and whatever it is, no order comes this way
        logger.debug("broker.away error=%s", type(error).__name__)
        return False
    return True
