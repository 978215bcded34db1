"""The broker: files in a folder for a site that has none, and how long any of them is waited for."""

from pathlib import Path
from typing import Any

from kombu import Connection
from kombu.transport import filesystem

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
