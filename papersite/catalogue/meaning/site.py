"""This site's model and vectors, as every thread of a process uses them: opened when first asked for."""

import logging
import time
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np
from django.conf import settings

from papersite.catalogue.meaning import model
from papersite.catalogue.meaning.encoder import Encoder, Matrix
from papersite.catalogue.meaning.model import Model, Unusable
from papersite.catalogue.meaning.vectors import Damaged, Vectors

logger = logging.getLogger(__name__)

NEEDED = ("onnxruntime", "tokenizers")
# What failed is tried again after so many seconds; until then words alone do the work.
TRY_AGAIN_AFTER = 60.0
QUESTIONS_HELD = 500
LONGEST_QUESTION = 1000


class Meaning(Protocol):
    """What a search asks."""

    def closeness(self, text: str, paper_ids: Sequence[int]) -> Mapping[int, float]:
        """How close papers are to what was asked for; those without a vector are left out."""

    def closest(self, text: str, size: int) -> list[tuple[int, float]]:
        """The papers closest to what was asked for, the closest first."""

    def closeness_to_paper(self, paper_id: int, paper_ids: Sequence[int]) -> Mapping[int, float]:
        """How close papers are to one; nothing where that has no vector."""


class SiteMeaning:
    """Whatever fails here is said in the log and answered with nothing."""

    def __init__(self, path: Path, described: Model) -> None:
        self.path = path
        self.described = described
        self._lock = Lock()
        self._vectors: Vectors | None = None
        self._encoder: Encoder | None = None
        self._failed_at: dict[str, float] = {}
        self._question = lru_cache(maxsize=QUESTIONS_HELD)(self._encoded)

    def closeness(self, text: str, paper_ids: Sequence[int]) -> Mapping[int, float]:
        vectors = self._open()
        question = self._asked(text) if vectors is not None and paper_ids else None
        if vectors is None or question is None or len(question) != vectors.shape.dimension:
            return {}
        ids, rows = self.vectors_of(paper_ids)
        return dict(zip(ids, map(float, rows @ question), strict=True)) if ids else {}

    def closest(self, text: str, size: int) -> list[tuple[int, float]]:
        vectors = self._open()
        question = self._asked(text) if vectors is not None else None
        if vectors is None or question is None or len(question) != vectors.shape.dimension:
            return []
        return self._nearest(vectors, question, size)

    def closeness_to_paper(self, paper_id: int, paper_ids: Sequence[int]) -> Mapping[int, float]:
        ids, rows = self.vectors_of([paper_id, *paper_ids])
        if ids[:1] != [paper_id]:
            return {}
        return dict(zip(ids[1:], map(float, rows[1:] @ rows[0]), strict=True))

    def _nearest(self, vectors: "Vectors", vector: "Matrix", size: int) -> list[tuple[int, float]]:
        try:
            return vectors.nearest(vector, size)
        except (OSError, ValueError) as error:
            self._fail("vectors", error)
            return []

    def vectors_of(self, paper_ids: Sequence[int]) -> "tuple[list[int], Matrix]":
        """Those of these papers that have a vector, and the vectors, of length 1."""
        vectors = self._open()
        try:
            if vectors is not None:
                return vectors.of(paper_ids)
        except (OSError, ValueError) as error:
            self._fail("vectors", error)
        return [], np.zeros((0, 1), np.float32)

    def _open(self) -> "Vectors | None":
        held = self._vectors
        if held is not None and _inode(held.path) == held.inode:
            return held
        if self._is_waiting("vectors"):
            return None
        try:
            self._vectors = Vectors(self.path)
        except FileNotFoundError:
            # Its writer has not begun yet.
            self._vectors, self._failed_at["vectors"] = None, time.monotonic()
        except (OSError, Damaged) as error:
            self._fail("vectors", error)
            self._vectors = None
        return self._vectors

    def _asked(self, text: str) -> "Matrix | None":
        """The vector of a question; None where it cannot be made."""
        text = " ".join(text.split())[:LONGEST_QUESTION]
        if not text or self._is_waiting("model"):
            return None
        try:
            return self._question(text)
        except Unusable as error:
            self._fail("model", error)
            return None

    def _encoded(self, text: str) -> "Matrix":
        with self._lock:
            if self._encoder is None:
                began = time.monotonic()
                self._encoder = Encoder(self.described)
                logger.info("meaning.loaded seconds=%.1f", time.monotonic() - began)
        return self._encoder.question(text)

    def _fail(self, what: str, error: Exception) -> None:
        self._failed_at[what] = time.monotonic()
        logger.warning("meaning.off part=%s reason=%s", what, error)

    def _is_waiting(self, what: str) -> bool:
        failed_at = self._failed_at.get(what)
        return failed_at is not None and time.monotonic() - failed_at < TRY_AGAIN_AFTER


def path_of(index: Path, described: Model) -> Path:
    """Where the vectors of a model lie, beside the index."""
    return index / f"vectors-{described.fingerprint}"


def described(folder: Path | None) -> Model | None:
    """The model of a folder; None where there is none to use, said once in the log."""
    return _described(folder) if folder is not None else None


@cache
def _described(folder: Path) -> Model | None:
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        logger.warning("meaning.off part=packages reason=%s missing: see README", " and ".join(missing))
        return None
    try:
        found = model.read(folder)
        _ = found.fingerprint
    except (Unusable, OSError) as error:
        logger.warning("meaning.off part=model reason=%s", error)
        return None
    return found


@cache
def _site(index: Path, folder: Path) -> SiteMeaning | None:
    found = _described(folder)
    return None if found is None else SiteMeaning(path_of(index, found), found)


def meaning() -> SiteMeaning | None:
    """This site's; None where words alone do the work."""
    return _site(settings.INDEX_DIR, settings.MODEL_DIR) if settings.MODEL_DIR else None


def in_search() -> SiteMeaning | None:
    return meaning() if settings.MEANING_IN_SEARCH else None


def in_mail() -> SiteMeaning | None:
    return meaning() if settings.MEANING_IN_MAIL else None


def forget() -> None:
    """For tests: the next question opens everything anew."""
    _site.cache_clear()
    _described.cache_clear()


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0
