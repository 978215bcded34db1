"""The vectors' writer beside the index's: opened only where there is a model."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from papersite.catalogue.meaning import writing
from papersite.catalogue.meaning.model import Model


class Beside:
    """A little of the vectors' work each time it is called; says whether it waits for nothing."""

    def __init__(self, index: Path, model: Model | None) -> None:
        self._index = index
        self._model = model
        self._writer: writing.VectorWriter | None = None

    def __call__(self) -> bool:
        if self._model is not None:
            # Not before the first call: by then this process has the index's lock.
            self._writer, self._model = writing.open_writer(self._index, self._model), None
        return self._writer is None or self._writer.go_on()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


@contextmanager
def beside(index: Path, model: Model | None) -> Iterator[Beside]:
    one = Beside(index, model)
    try:
        yield one
    finally:
        one.close()
