"""The pool of a worker whose broker is files in a folder: any of its processes may be killed.

Redis and RabbitMQ give each process a pipe of its own. Without them all wait at one, behind a
semaphore, which nobody gives back for a process that is killed: the others would wait for ever.
"""

import fcntl
from tempfile import TemporaryFile
from typing import Any

from billiard.pool import Pool as BlockingPool
from celery.concurrency import prefork


class RecordLock:
    """A lock between a process and its forks that the system takes back when its holder dies."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115  open for as long as the lock is there

    def acquire(self) -> bool:
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        return True

    def release(self) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN)

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *error: object) -> None:
        self.release()


class _Pool(BlockingPool):
    _inqueue: Any
    _outqueue: Any

    def _setup_queues(self) -> None:
        super()._setup_queues()  # type: ignore[misc]
        self._inqueue._rlock = RecordLock()
        self._outqueue._wlock = RecordLock()


class TaskPool(prefork.TaskPool):
    BlockingPool = _Pool
