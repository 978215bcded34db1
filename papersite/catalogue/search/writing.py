"""Keeps the index in step with the database: by what changed, or from the beginning."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched

import tantivy
from django.db import DatabaseError, close_old_connections, reset_queries

from papersite.catalogue import revisions
from papersite.catalogue.search import documents
from papersite.catalogue.search.folder import Folder, Generation, Unavailable, is_broken
from papersite.catalogue.search.schema import document, schema, stamp

logger = logging.getLogger(__name__)

# A following writer wakes often and writes little; one that builds writes all at once.
FOLLOWING_BYTES = 60_000_000
BUILDING_BYTES = 400_000_000
BUILDING_THREADS = 2
# After so many papers what was written is kept, should the writer be killed.
PAPERS_A_COMMIT = 50_000
NO_STAMP = -1


@dataclass(frozen=True, slots=True)
class Report:
    """What one writing did."""

    written: int = 0
    removed: int = 0
    seconds: float = 0.0
    was_rebuilt: bool = False

    def __str__(self) -> str:
        told = f"written={self.written} removed={self.removed} seconds={self.seconds:.1f}"
        return f"{told} rebuilt" if self.was_rebuilt else told


@contextmanager
def writer(folder: Folder) -> Iterator["Writer"]:
    """The one writer of a folder. Raises WriterBusy where there is another."""
    with folder.locked():
        one = Writer(folder)
        try:
            yield one
        finally:
            one.close()


class Writer:
    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._generation: Generation | None = None
        self._writer: tantivy.IndexWriter | None = None

    def update(self) -> Report:
        """Writes what changed since the last time. What cannot be gone on with is built anew."""
        if self.folder.is_rebuild_asked_for():
            return self.rebuild()
        generation = self.folder.current()
        number = generation.revision if generation is not None else None
        if generation is None or number is None:
            logger.warning("index.rebuilding reason=%s", "missing" if generation is None else "broken")
            return self.rebuild()
        try:
            return self._update(generation, number)
        except Unavailable as error:
            logger.warning("index.rebuilding reason=%s", error)
        except BaseException as error:
            if not is_broken(error):
                raise
            logger.warning("index.rebuilding reason=%s", error)
        self.close()
        return self.rebuild()

    def rebuild(self, on_progress: Callable[[int], None] = lambda _count: None) -> Report:
        """Builds beside, then swaps. Whoever searches meanwhile finds what was there before."""
        self.close()
        self.folder.tidy()
        started = time.monotonic()
        number = revisions.latest()
        generation = self.folder.next()
        index_writer = generation.create().writer(BUILDING_BYTES, BUILDING_THREADS)
        count = 0
        for some in documents.everything():
            for record in some:
                index_writer.add_document(document(record))
            count += len(some)
            on_progress(count)
            reset_queries()
        index_writer.commit()
        index_writer.wait_merging_threads()
        generation.keep_revision(number)
        self.folder.use(generation)
        report = Report(written=count, seconds=time.monotonic() - started, was_rebuilt=True)
        logger.info("index.rebuilt papers=%s seconds=%.1f", count, report.seconds)
        return report

    def close(self) -> None:
        """Lets merges end. What is not committed is as if it had not been."""
        open_writer, self._writer, self._generation = self._writer, None, None
        if open_writer is None:
            return
        try:
            open_writer.wait_merging_threads()
        except BaseException as error:
            if not is_broken(error):
                raise
            logger.warning("index.merge_failed reason=%s", error)

    def _update(self, generation: Generation, number: int) -> Report:
        started = time.monotonic()
        # Opened even where nothing changed: what is broken shows here and not at a reader's.
        index_writer = self._open(generation)
        until = revisions.latest()
        if until == number:
            return Report()
        if until < number:
            raise Unavailable("the database is an earlier one, such as a backup")
        written = removed = since_commit = 0
        for some in batched(revisions.since(number, until), documents.BATCH):
            found = documents.visible(some)
            _replace(index_writer, some, map(document, found))
            written += len(found)
            removed += len(some) - len(found)
            since_commit += len(some)
            if since_commit >= PAPERS_A_COMMIT:
                index_writer.commit()
                since_commit = 0
            reset_queries()
        index_writer.commit()
        # After the commit: killed in between, the same papers are written once more.
        generation.keep_revision(until)
        return Report(written, removed, time.monotonic() - started)

    def _open(self, generation: Generation) -> tantivy.IndexWriter:
        """A writer that stays open, so that merges go on between one update and the next."""
        if self._writer is None or self._generation is None or self._generation.path != generation.path:
            self.close()
            self._writer = generation.open().writer(FOLLOWING_BYTES, 1)
            self._generation = generation
        return self._writer


def _replace(
    index_writer: tantivy.IndexWriter, paper_ids: Iterable[int], documents: Iterable[tantivy.Document]
) -> None:
    # By its own call for terms, Tantivy takes the number for one with a sign and finds nothing to delete.
    index_writer.delete_documents_by_query(tantivy.Query.term_set_query(schema(), "paper", list(paper_ids)))
    for one in documents:
        index_writer.add_document(one)


def follow(
    folder: Folder,
    *,
    is_stopping: Callable[[], bool],
    wait: Callable[[float], object],
    pause: float = 1.0,
    also: Callable[[], bool] = lambda: True,
) -> None:
    """Updates again and again, whatever becomes of the database meanwhile; ``also`` does a little of something
    else after each update, and says whether that is done. Raises WriterBusy where another writer does so already."""
    with writer(folder) as one:
        while not is_stopping():
            is_done = True
            try:
                report = one.update()
            except DatabaseError as error:
                # Restarted, or not there yet: what changes stays marked until it is read.
                logger.warning("index.waiting reason=%s", type(error).__name__)
                wait(5 * pause)
            else:
                if report.written or report.removed:
                    logger.info("index.updated %s", report)
                is_done = also()
            close_old_connections()
            if is_done:
                wait(pause)


@dataclass(frozen=True, slots=True)
class Difference:
    """How the index and the database differ, by papers' numbers."""

    papers: int
    missing: list[int]
    left: list[int]
    stale: list[int]

    def __bool__(self) -> bool:
        return bool(self.missing or self.left or self.stale)


def compare(folder: Folder) -> Difference:
    """Holds the index against the database, paper by paper. Raises Unavailable where there is none."""
    generation = folder.current()
    if generation is None:
        raise Unavailable("There is no index.")
    held = _stamps(generation)
    count, missing, stale = 0, [], []
    for some in documents.everything():
        for record in some:
            count += 1
            found = held.pop(record.paper_id, None)
            if found is None:
                missing.append(record.paper_id)
            elif found != stamp(record):
                stale.append(record.paper_id)
        reset_queries()
    return Difference(count, missing, sorted(held), stale)


def _stamps(generation: Generation) -> dict[int, int]:
    """The stamp of every paper in the index."""
    searcher = generation.open().searcher()
    if not searcher.num_docs:
        return {}
    hits = searcher.search(tantivy.Query.all_query(), searcher.num_docs, count=False).hits
    places = [place for _, place in hits]
    pairs = zip(searcher.fast_field_values("paper", places), searcher.fast_field_values("stamp", places), strict=True)
    stamps: dict[int, int] = {}
    for paper, held in pairs:
        # Held twice, a paper is not what the database has, whatever its two states are.
        stamps[int(paper or 0)] = NO_STAMP if paper in stamps else int(held or 0)
    return stamps
