"""A sentence encoder as a folder: weights as ONNX, ``tokenizer.json``, and how the two are used.

What is not in ``model.toml`` is read from the files that sentence-transformers puts beside its models.
"""

import json
import tomllib
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

# The first pieces of words of a text: 256 found nothing that these do not, and took twice as long.
LONGEST = 128
POOLINGS = ("mean", "cls")
# Relative to the folder; the first that is there. Otherwise the only .onnx that there is.
WEIGHTS = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
_SAMPLES = 64
_SAMPLE = 4096


class Unusable(Exception):
    """This folder holds no model that can be used; the words say why."""


@dataclass(frozen=True)
class Model:
    """What is known of a model before it is loaded."""

    weights: Path
    tokenizer: Path
    pooling: str = "mean"
    """How the vectors of its words become one: their mean, or that of the first, ``cls``."""
    dimension: int | None = None
    """Of its vectors; None where no file says it, and the model itself does."""
    longest: int = LONGEST
    """How many pieces of words of a text are read."""
    query_prefix: str = ""
    """What a question begins with, where a model was taught so."""
    passage_prefix: str = ""

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same files used in the same way, so that vectors are never held against another's."""
        digest = blake2b(digest_size=8)
        told = (self.pooling, self.longest, self.passage_prefix, self.weights.stat().st_size)
        digest.update(repr(told).encode())
        digest.update(self.tokenizer.read_bytes())
        step = max(_SAMPLE, self.weights.stat().st_size // _SAMPLES)
        with self.weights.open("rb") as file:
            for place in range(0, self.weights.stat().st_size, step):
                file.seek(place)
                digest.update(file.read(_SAMPLE))
        return digest.hexdigest()


def read(folder: Path) -> Model:
    """Describes the model in a folder. Raises Unusable."""
    if not folder.is_dir():
        raise Unusable(f"{folder} is no folder")
    tokenizer = folder / "tokenizer.json"
    if not tokenizer.is_file():
        raise Unusable(f"{folder} has no tokenizer.json")
    try:
        told = _told(folder)
        model = Model(_weights(folder), tokenizer, **told)
    except (OSError, ValueError, TypeError) as error:
        raise Unusable(f"what {folder} says of its model cannot be read: {error}") from error
    if model.pooling not in POOLINGS:
        raise Unusable(f"“{model.pooling}” is no pooling that is known; there are {' and '.join(POOLINGS)}")
    return model


def _weights(folder: Path) -> Path:
    for name in WEIGHTS:
        if (folder / name).is_file():
            return folder / name
    found = sorted(folder.glob("*.onnx"))
    if len(found) != 1:
        raise Unusable(f"{folder} has {len(found) or 'no'} files that end in .onnx, and none is model.onnx")
    return found[0]


def _told(folder: Path) -> dict[str, Any]:
    """By ``model.toml`` first, then by the files of sentence-transformers."""
    told: dict[str, Any] = {}
    pooling = _json(folder / "1_Pooling" / "config.json")
    if pooling:
        told["pooling"] = "cls" if pooling.get("pooling_mode_cls_token") else "mean"
        told["dimension"] = pooling.get("word_embedding_dimension")
    elif (size := _json(folder / "config.json").get("hidden_size")) is not None:
        told["dimension"] = size
    if (longest := _json(folder / "sentence_bert_config.json").get("max_seq_length")) is not None:
        told["longest"] = min(LONGEST, longest) if isinstance(longest, int) else longest
    if (path := folder / "model.toml").is_file():
        told |= tomllib.loads(path.read_text(encoding="utf-8"))
    for name in ("dimension", "longest"):
        if told.get(name) is not None and not 0 < int(told[name]) <= 8192:
            raise ValueError(f"{name} is {told[name]}")
    return told


def _json(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if not isinstance(found, dict):
        raise ValueError(f"{path.name} is no object")
    return found
