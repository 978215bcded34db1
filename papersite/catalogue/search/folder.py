"""Where the index lives: a folder for each time it was built, and a file that names the one in use.

var/index/current         v1-000002
var/index/lock            held by the one writer there may be
var/index/rebuild         somebody asks that writer to build anew
var/index/v1-000002/      Tantivy's files
              revision    how far it has followed the database; written last
              broken      somebody could not read it: it is to be built anew
var/index/vectors-…       what papers mean, where there is a model: see ``meaning``
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

import tantivy

from papersite import whole_files
from papersite.catalogue.search.schema import VERSION, register, schema


class Unavailable(Exception):
    """There is no index to read, or it cannot be read; it is being built, or soon will be."""


class WriterBusy(Exception):
    """Another process writes this index."""


def is_broken(error: BaseException) -> bool:
    """Whether an error of Tantivy's is about its files. Where it panics, Python gets no ordinary exception."""
    return isinstance(error, (ValueError, OSError)) or type(error).__name__ == "PanicException"


class Generation:
    """One building of the index."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def revision(self) -> int | None:
        """How far it has followed the database; None where it is not whole or somebody found it broken."""
        try:
            return None if (self.path / "broken").exists() else int((self.path / "revision").read_text())
        except (OSError, ValueError):
            return None

    def keep_revision(self, number: int) -> None:
        whole_files.write(self.path / "revision", str(number))

    def call_broken(self) -> None:
        if self.path.is_dir():
            (self.path / "broken").touch()

    def create(self) -> tantivy.Index:
        self.path.mkdir()
        return register(tantivy.Index(schema(), path=str(self.path)))

    def open(self) -> tantivy.Index:
        """Raises Unavailable where that cannot be done."""
        if self.revision is None:
            raise Unavailable(f"{self.path.name} is not whole.")
        try:
            index = register(tantivy.Index.open(str(self.path)))
            index.config_reader("manual")
            index.reload()
        except BaseException as error:
            if not is_broken(error):
                raise
            raise Unavailable(f"{self.path.name} cannot be opened.") from error
        return index

    def mark(self) -> tuple[int, int]:
        """Changes with each commit."""
        return _mark(self.path / "meta.json")


class Folder:
    """All that one machine holds of the index."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def pointer(self) -> Path:
        return self.path / "current"

    def current(self) -> Generation | None:
        """The generation in use, unless it was built for another version of the schema."""
        try:
            name = self.pointer.read_text().strip()
        except OSError:
            return None
        return Generation(self.path / name) if name.startswith(f"v{VERSION}-") and "/" not in name else None

    def ask_for_rebuild(self) -> None:
        """Tells the writer that is at work to build anew."""
        (self.path / "rebuild").touch()

    def is_rebuild_asked_for(self) -> bool:
        """Whether somebody asked since this was last called."""
        try:
            (self.path / "rebuild").unlink()
        except FileNotFoundError:
            return False
        return True

    def mark(self) -> tuple[int, int]:
        """Changes with each swap."""
        return _mark(self.pointer)

    def next(self) -> Generation:
        """A generation that is not there yet."""
        numbers = [int(path.name.rpartition("-")[2]) for path in self.path.glob("v*-*") if path.name[-6:].isdigit()]
        return Generation(self.path / f"v{VERSION}-{max(numbers, default=0) + 1:06}")

    def use(self, generation: Generation) -> None:
        """From now on this one is read. Those who read another go on with its open files, and change at once."""
        whole_files.write(self.pointer, generation.path.name)
        self.tidy()

    def tidy(self) -> None:
        """Removes what is not in use: earlier generations, and those that were never finished."""
        current = self.current()
        for path in self.path.glob("v*-*"):
            if current is None or path != current.path:
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """The right to write, which ends with the process however that ends. Raises WriterBusy."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("a+") as lock:
            try:
                flock(lock, LOCK_EX | LOCK_NB)
            except OSError as error:
                lock.seek(0)
                raise WriterBusy(f"Process {lock.read().strip() or '?'} is writing this index already.") from error
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield


def _mark(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_ino, found.st_mtime_ns)
