"""Keeps a vector for each paper in step with the database: by what changed, and from the newest paper down.

It works in short steps between the index's own, so that a new paper is found by its words at once, whatever
there is to encode. What is written is used at once; killed anywhere, it goes on where it was.
"""

import json
import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import batched
from pathlib import Path

from papersite import whole_files
from papersite.catalogue import revisions
from papersite.catalogue.meaning import site
from papersite.catalogue.meaning.encoder import Encoder
from papersite.catalogue.meaning.model import Model, Unusable
from papersite.catalogue.meaning.vectors import Damaged, Shape, VectorFile, opened, packed
from papersite.catalogue.models import Paper, PaperQuerySet

logger = logging.getLogger(__name__)

BATCH = 2000
# A step is cut into so many papers, between which its time is looked at.
AT_ONCE = 8
STEP = 1.0
# In seconds, after a failure such as a full disk.
RESTS = 600.0
EVERYTHING = 1 << 62


@dataclass(frozen=True, slots=True)
class Step:
    """What was done in a step, and whether there is more to do."""

    written: int = 0
    removed: int = 0
    is_done: bool = True


@dataclass(slots=True)
class _State:
    """How far the vectors have followed the database."""

    revision: int
    below: int | None = EVERYTHING
    """Papers with lower numbers are still to be looked at; None where all were."""


class VectorWriter:
    """The one writer of a model's vectors; whoever holds the index's lock may be it."""

    def __init__(self, index: Path, model: Model) -> None:
        """Raises Unusable, and OSError."""
        self.encoder = Encoder(model)
        self.path = site.path_of(index, model)
        self._file = VectorFile(self.path, Shape(self.encoder.dimension, model.fingerprint))
        self._state = self._read_state()
        self._working: Iterator[list[int]] | None = None
        self._rests_until = 0.0
        self._mended = _damaged_in(self.path)
        for paper_id in self._mended:
            self._file.remove(paper_id)
        if self._mended:
            logger.warning("meaning.damaged vectors=%s they are made anew", len(self._mended))
        _tidy(index, self.path)

    def step(self, seconds: float) -> Step:
        """Goes on for about so long. Raises Unusable, and OSError such as where the disk is full."""
        until = time.monotonic() + seconds
        work, self._working = self._working or self._work(), None
        written = removed = 0
        for some in work:
            done = self._replace(some)
            written, removed = written + done[0], removed + done[1]
            if time.monotonic() > until:
                self._working = work
                break
        self._keep()
        return Step(written, removed, self._working is None)

    def go_on(self, seconds: float = STEP) -> bool:
        """A step beside the index's own; whether it waits for nothing. What fails rests for a while."""
        if time.monotonic() < self._rests_until:
            return True
        try:
            done = self.step(seconds)
        except (Unusable, OSError) as error:
            logger.warning("meaning.resting reason=%s", error)
            self._rests_until = time.monotonic() + RESTS
            return True
        if done.is_done and (done.written or done.removed):
            logger.info("meaning.updated written=%s removed=%s", done.written, done.removed)
        return done.is_done

    def look_again(self) -> None:
        """From the beginning: what is right already stays."""
        self._state, self._working = _State(revisions.latest()), None
        self._keep()

    def close(self) -> None:
        self._file.close()

    def _work(self) -> Iterator[list[int]]:
        """Papers to be looked at, some at a time. That they were is remembered when the next are asked for."""
        while self._mended:
            yield self._mended[:AT_ONCE]
            del self._mended[:AT_ONCE]
        yield from self._changed()
        while self._state.below is not None:
            papers = Paper.objects.visible().filter(pk__lt=self._state.below).order_by("-pk")
            numbers = list(papers.values_list("pk", flat=True)[:BATCH])
            for some in batched(numbers, AT_ONCE, strict=False):
                yield list(some)
                self._state.below = some[-1]
            if len(numbers) < BATCH:
                self._state.below = None
            # What is new must not wait for all that is old.
            yield from self._changed()

    def _changed(self) -> Iterator[list[int]]:
        latest = revisions.latest()
        if latest < self._state.revision:
            logger.warning("meaning.looking_again reason=the database is an earlier one, such as a backup")
            self._state = _State(latest)
        elif latest > self._state.revision:
            for some in batched(list(revisions.since(self._state.revision, latest)), BATCH, strict=False):
                yield []  # thousands of votes take a while to look through
                for few in batched(self._stale(some), AT_ONCE, strict=False):
                    yield list(few)
            self._state.revision = latest

    def _stale(self, paper_ids: Iterable[int]) -> list[int]:
        """Those whose text is another than that of their vector; most changes are of votes."""
        ids = list(paper_ids)
        stamps = {pk: stamp_of(text) for pk, text in texts_of(Paper.objects.visible().filter(pk__in=ids))}
        return [pk for pk in ids if self._file.stamp(pk) != stamps.get(pk, 0)]

    def _replace(self, paper_ids: list[int]) -> tuple[int, int]:
        texts = dict(texts_of(Paper.objects.visible().filter(pk__in=paper_ids)))
        removed = sum(self._file.remove(pk) for pk in paper_ids if pk not in texts)
        missing = {pk: text for pk, text in texts.items() if self._file.stamp(pk) != stamp_of(text)}
        written = 0
        if missing:
            rows = self.encoder.passages(list(missing.values()))
            for (pk, text), row, vector in zip(missing.items(), rows, packed(rows), strict=True):
                if row.any():
                    self._file.put(pk, stamp_of(text), vector)
                    written += 1
                else:
                    logger.warning("meaning.no_vector paper=%s", pk)
        return written, removed

    def _read_state(self) -> _State:
        if not self._file.is_new:
            try:
                told = json.loads(self._state_path.read_text())
                state = _State(int(told["revision"]), None if told["below"] is None else int(told["below"]))
                if self._file.blocks >= int(told["blocks"]):
                    return state
                logger.warning("meaning.looking_again reason=the file of vectors was cut off")
            except (OSError, ValueError, KeyError, TypeError) as error:
                logger.warning("meaning.looking_again reason=%s", error)
        return _State(revisions.latest())

    def _keep(self) -> None:
        self._file.keep()
        told = {"revision": self._state.revision, "below": self._state.below, "blocks": self._file.blocks}
        whole_files.write(self._state_path, json.dumps(told))

    @property
    def _state_path(self) -> Path:
        return self.path.with_name(f"{self.path.name}.state")


def open_writer(index: Path, model: Model) -> VectorWriter | None:
    """None where the model cannot be used or there is no room for its vectors, which the log says."""
    try:
        return VectorWriter(index, model)
    except (Unusable, OSError) as error:
        logger.warning("meaning.off part=writer reason=%s", error)
        return None


def texts_of(papers: PaperQuerySet) -> Iterator[tuple[int, str]]:
    """What is encoded of papers, by their numbers."""
    for pk, title, abstract in papers.order_by("pk").values_list("pk", "title", "abstract"):
        yield pk, f"{title}\n{abstract}"


def stamp_of(text: str) -> int:
    """Tells one text from another; never 0."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) | 1


@dataclass(frozen=True, slots=True)
class Difference:
    """How the vectors and the database differ, by papers' numbers."""

    papers: int
    missing: list[int]
    left: list[int]
    stale: list[int]
    damaged: list[int]

    def __bool__(self) -> bool:
        return bool(self.missing or self.left or self.stale or self.damaged)


def compare(index: Path, model: Model) -> Difference:
    """Holds the vectors against the database, paper by paper. Raises Damaged, and OSError where there are none."""
    with opened(site.path_of(index, model)) as held:
        stamps = {int(pk): int(held_stamp) for pk, held_stamp in enumerate(held.stamps()) if held_stamp}
        damaged = held.damaged()
    count, missing, stale = 0, [], []
    for pk, text in _all_texts():
        count += 1
        found = stamps.pop(pk, 0)
        if not found:
            missing.append(pk)
        elif found != stamp_of(text):
            stale.append(pk)
    return Difference(count, missing, sorted(stamps), stale, damaged)


def _all_texts() -> Iterator[tuple[int, str]]:
    last = 0
    papers = Paper.objects.visible()
    while numbers := list(papers.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield from texts_of(papers.filter(pk__in=numbers))
        last = numbers[-1]


def _damaged_in(path: Path) -> list[int]:
    try:
        with opened(path) as held:
            return held.damaged()
    except (OSError, Damaged):
        return []


def _tidy(index: Path, path: Path) -> None:
    """Removes the vectors of other models."""
    for other in index.glob("vectors-*"):
        if not other.name.startswith(path.name):
            other.unlink(missing_ok=True)
