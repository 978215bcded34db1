"""The model as ``relevance.py`` asks it: papers are encoded when first looked at, and kept as the site has them."""

import json
import resource
import time
from collections.abc import Sequence
from heapq import nlargest
from operator import itemgetter
from pathlib import Path

import numpy as np

from papersite.catalogue.meaning import model
from papersite.catalogue.meaning.encoder import Encoder
from papersite.catalogue.meaning.vectors import packed

SAID_EVERY = 500


class LazyMeaning:
    """``texts`` are those of papers 1, 2, …; ``kept`` is a file of vectors for the next run."""

    def __init__(self, folder: Path, texts: list[str], kept: Path | None) -> None:
        self.encoder = Encoder(model.read(folder))
        self.texts = texts
        self.kept = kept
        self.questions: dict[str, np.ndarray] = {}
        self.rows = np.zeros((len(texts) + 1, self.encoder.dimension), np.int8)
        self.known = np.zeros(len(texts) + 1, bool)
        if kept is not None and kept.exists():
            with np.load(kept) as held:
                if held["rows"].shape == self.rows.shape:
                    self.rows, self.known = held["rows"], held["known"]
        self.encoded, self.seconds, self.asked_seconds = 0, 0.0, 0.0

    def closeness(self, text: str, paper_ids: Sequence[int]) -> dict[int, float]:
        if text not in self.questions:
            began = time.process_time()
            self.questions[text] = self.encoder.question(text)
            self.asked_seconds += time.process_time() - began
        return self._close(self.questions[text], paper_ids)

    def closeness_to_paper(self, paper_id: int, paper_ids: Sequence[int]) -> dict[int, float]:
        return self._close(self._vectors([paper_id])[0], paper_ids)

    def closest(self, text: str, size: int) -> list[tuple[int, float]]:
        """Among all papers, each of which is encoded for it."""
        return nlargest(size, self.closeness(text, self._everything).items(), key=itemgetter(1))

    @property
    def _everything(self) -> range:
        return range(1, len(self.texts) + 1)

    def close(self) -> None:
        if self.kept is not None:
            beside = self.kept.with_suffix(".new.npz")
            np.savez(beside, rows=self.rows, known=self.known)
            beside.replace(self.kept)
        told = {
            "papers_per_cpu_s": round(self.encoded / self.seconds, 1) if self.seconds else None,
            "question_cpu_ms": round(1000 * self.asked_seconds / max(1, len(self.questions)), 2),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        print(json.dumps(told), flush=True)

    def _close(self, vector: np.ndarray, paper_ids: Sequence[int]) -> dict[int, float]:
        rows = self._vectors(paper_ids)
        return dict(zip(paper_ids, map(float, rows @ vector), strict=True)) if len(rows) else {}

    def _vectors(self, paper_ids: Sequence[int]) -> np.ndarray:
        began = time.process_time()
        for one in paper_ids:
            if not self.known[one]:
                self.rows[one], self.known[one] = packed(self.encoder.passages([self.texts[one - 1]]))[0], True
                self.encoded += 1
                if self.encoded % SAID_EVERY == 0:
                    print(f"{self.encoded} papers encoded", flush=True)
        self.seconds += time.process_time() - began
        rows = self.rows[list(paper_ids)].astype(np.float32)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / np.where(lengths > 0, lengths, 1)
