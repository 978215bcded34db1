"""The index as every thread of a process reads it: always the newest commit, never a stale handle."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

import tantivy
from django.conf import settings

from papersite.catalogue.search.folder import Folder, Generation, Unavailable, is_broken
from papersite.catalogue.search.schema import register, schema


@dataclass(frozen=True, slots=True)
class _Held:
    """What was opened, and the marks by which a newer one is noticed."""

    generation: Generation
    index: tantivy.Index
    searcher: tantivy.Searcher
    marks: tuple[tuple[int, int], tuple[int, int]]


class Reader:
    """The index of one folder. Safe to share between threads."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._lock = Lock()
        self._held: _Held | None = None

    def ask[Answer](self, question: Callable[[tantivy.Searcher], Answer]) -> Answer:
        """What a question finds in the newest commit. Raises Unavailable where there is no index, and
        where it turns out to be broken: then the writer is told, which builds it anew."""
        held = self._newest()
        try:
            return question(held.searcher)
        except BaseException as error:
            if not is_broken(error) or _fails_anywhere(question):
                raise
            held.generation.call_broken()
            self._held = None
            raise Unavailable("The index cannot be read.") from error

    def _newest(self) -> _Held:
        held = self._held
        if held is None or held.marks != self._marks(held.generation):
            with self._lock:
                held = self._held = self._open(self._held)
        return held

    def _open(self, held: _Held | None) -> _Held:
        generation = self.folder.current()
        if generation is None:
            raise Unavailable("There is no index yet.")
        # Before opening: a commit that comes in between is noticed the next time.
        marks = self._marks(generation)
        if held is None or held.generation.path != generation.path:
            return self._opened(generation, marks)
        if held.marks == marks:
            return held  # another thread was faster
        try:
            held.index.reload()
        except BaseException as error:
            if not is_broken(error):
                raise
            return self._opened(generation, marks)
        return _Held(generation, held.index, held.index.searcher(), marks)

    def _opened(self, generation: Generation, marks: tuple[tuple[int, int], tuple[int, int]]) -> _Held:
        try:
            index = generation.open()
        except Unavailable:
            current = self.folder.current()
            if current is not None and current.path != generation.path:
                # Swapped between the reading of its name and the opening.
                return self._opened(current, self._marks(current))
            generation.call_broken()
            raise
        return _Held(generation, index, index.searcher(), marks)

    def _marks(self, generation: Generation) -> tuple[tuple[int, int], tuple[int, int]]:
        return self.folder.mark(), generation.mark()


def _fails_anywhere(question: Callable[[tantivy.Searcher], object]) -> bool:
    """Whether it is the question that is wrong, and not the files."""
    empty = register(tantivy.Index(schema()))
    empty.reload()
    try:
        question(empty.searcher())
    except BaseException as error:
        if not is_broken(error):
            raise
        return True
    return False


@cache
def _reader(path: Path) -> Reader:
    return Reader(Folder(path))


def reader() -> Reader:
    """This site's."""
    return _reader(settings.INDEX_DIR)
