"""How long a search by meaning takes among a million vectors, part by part.

    uv run --all-groups python tests/bench/meaning.py [--small] [--papers N] [--vectors FILE]

A file of vectors as the site keeps them is filled with those of ``--vectors`` (which ``relevance.py`` leaves behind),
or of five thousand directions, each many times with noise of its own. Two hundred questions are then asked of it that
lie close to some. The last line is JSON, in milliseconds of processor: ``question`` to encode one, where there is a
model; ``by_meaning`` to find the hundred closest of all, and ``by_meaning_p95``; ``reorder`` to say how close the
first hundred of a search by words are; ``found`` is the share of the hundred closest that a look at all finds too.
``--small`` asks fifty questions, of a million papers as well, under 45 seconds.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean, median, quantiles

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from papersite.catalogue.meaning import model
from papersite.catalogue.meaning.vectors import ROWS, Shape, Vectors, check_of, packed, signs_of
from tests import weights

DIMENSION, DIRECTIONS, SIZE, NOISE = 384, 5000, 100, 18.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--papers", type=int, default=1_000_000)
    parser.add_argument("--vectors", type=Path)
    asked = parser.parse_args()
    chance = np.random.default_rng(5)
    known = known_vectors(asked.vectors, chance)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "vectors"
        fill(path, asked.papers, known, chance)
        vectors = Vectors(path)
        questions = known[chance.integers(0, len(known), 50 if asked.small else 200)].astype(np.float32)
        questions /= np.linalg.norm(questions, axis=1, keepdims=True)
        some = [chance.integers(0, asked.papers, SIZE).tolist() for _ in questions]
        found = {"papers": asked.papers} | _question_ms(Path(scratch))
        by_meaning = _times(lambda place: vectors.nearest(questions[place], SIZE), len(questions))
        found |= {"by_meaning": median(by_meaning), "by_meaning_p95": quantiles(by_meaning, n=20)[18]}
        reorder = _times(lambda place: vectors.of(some[place])[1] @ questions[place], len(questions))
        found |= {"reorder": median(reorder), "found": _share_found(vectors, questions[:5], asked.papers)}
    print(json.dumps({name: round(value, 2) for name, value in found.items()}))


def fill(path: Path, papers: int, known: np.ndarray, chance: np.random.Generator, model: str = "bench") -> None:
    """So many vectors close to those that are known, block by block as the file has them."""
    shape = Shape(known.shape[1], model)
    with path.open("wb") as file:
        file.write(shape.head())
        for start in range(0, papers, ROWS):
            block = np.zeros(1, shape.block)[0]
            near = known[chance.integers(0, len(known), ROWS)] + chance.normal(0, NOISE, (ROWS, known.shape[1]))
            vectors = packed(near.astype(np.float32))
            block["signs"], block["vector"], block["stamp"] = signs_of(vectors), vectors, 1
            block["stamp"][papers - start :] = 0
            block["check"] = [check_of(start + row, 1, one) for row, one in enumerate(vectors)]
            file.write(block.tobytes())


def known_vectors(path: Path | None, chance: np.random.Generator) -> np.ndarray:
    if path is None:
        return packed(chance.normal(0, 1, (DIRECTIONS, DIMENSION)).astype(np.float32))
    with np.load(path) as held:
        return np.asarray(held["rows"][held["known"]])


def _question_ms(scratch: Path) -> dict[str, float]:
    if weights.missing():
        return {}
    from papersite.catalogue.meaning.encoder import Encoder

    encoder = Encoder(model.read(weights.make_folder(scratch / "model")))
    with (Path(__file__).parent / "judged" / "queries.jsonl").open(encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    return {"question": median(_times(lambda place: encoder.question(texts[place]), len(texts)))}


def _times(ask: Callable[[int], object], count: int) -> Sequence[float]:
    """Milliseconds of processor of each, after one that is not counted."""
    ask(0)
    found = []
    for place in range(count):
        began = time.process_time()
        ask(place)
        found.append(1000 * (time.process_time() - began))
    return found


def _share_found(vectors: Vectors, questions: np.ndarray, papers: int) -> float:
    """Of the closest of all, found by looking at every vector."""
    closeness = []
    for start in range(0, papers, 50_000):
        _, rows = vectors.of(range(start, min(start + 50_000, papers)))
        closeness.append(rows @ questions.T)
    best = np.argsort(-np.concatenate(closeness), axis=0)[:SIZE]
    return fmean(
        len({one for one, _ in vectors.nearest(question, SIZE)}.intersection(best[:, place].tolist())) / SIZE
        for place, question in enumerate(questions)
    )


if __name__ == "__main__":
    main()
