"""Where the learned model lies: one small file, written all or nothing, read again only once it changed."""

import logging
import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from papersite.catalogue.promise.model import Model, Unfit, loads

logger = logging.getLogger(__name__)
# In bytes. What we write is smaller by far.
LARGEST = 64_000_000

_Mark = tuple[int, int, int]
_read: dict[Path, tuple[_Mark, Model | None]] = {}


def keep(model: Model, path: Path) -> int:
    """Puts a model into the place of the one there; its size in bytes."""
    text = model.dumps()
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=".promise-", delete=False, encoding="utf-8") as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            Path(file.name).unlink()
            raise
    Path(file.name).replace(path)
    return len(text.encode())


def held(path: Path) -> Model | None:
    """The model there; None where there is none. One that is unfit is told to the log, once."""
    try:
        found = path.stat()
        mark = (found.st_ino, found.st_mtime_ns, found.st_size)
        if path not in _read or _read[path][0] != mark:
            _read[path] = mark, _loaded(path, found.st_size)
        return _read[path][1]
    except OSError as error:
        with suppress(KeyError):
            del _read[path]
        if not isinstance(error, FileNotFoundError):
            logger.warning("promise.unreadable file=%s error=%s", path.name, error)
        return None


def _loaded(path: Path, size: int) -> Model | None:
    try:
        if size > LARGEST:
            raise Unfit("It is larger than any of ours.")
        return loads(path.read_text(encoding="utf-8"))
    except (Unfit, UnicodeDecodeError, RecursionError) as error:
        logger.warning("promise.unfit file=%s reason=%s", path.name, error)
        return None
