"""Turns texts into vectors, by the model of a folder. It takes what the extra group ``meaning`` installs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from papersite.catalogue.meaning.model import Model, Unusable

Matrix = NDArray[np.float32]

_SENTENCE = "sentence_embedding"


class Encoder:
    """A model that is loaded. Safe to share between threads."""

    def __init__(self, model: Model, *, threads: int = 1) -> None:
        """Raises Unusable where the files are not what they should be."""
        import onnxruntime  # noqa: PLC0415  slow import, and memory for those alone who use it
        from tokenizers import Tokenizer  # noqa: PLC0415

        self.model = model
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # It would keep the memory of the longest batch for ever.
        options.enable_cpu_mem_arena = False
        try:
            self._tokenizer = Tokenizer.from_file(str(model.tokenizer))
            self._session = onnxruntime.InferenceSession(str(model.weights), options, ["CPUExecutionProvider"])
        except Exception as error:  # both raise exceptions of their own, and plain ones
            raise Unusable(f"the model cannot be loaded: {_first_line(error)}") from error
        self._tokenizer.enable_truncation(model.longest)
        self._tokenizer.no_padding()
        self._inputs = [one.name for one in self._session.get_inputs()]
        self._output = _output_of(self._session.get_outputs())
        self.dimension = int(self.encode(["a"]).shape[1])
        if model.dimension not in (None, self.dimension):
            raise Unusable(f"the model makes vectors of {self.dimension} numbers, and not of {model.dimension}")

    def question(self, text: str) -> NDArray[np.float32]:
        """The vector of what somebody asks for, of length 1."""
        vector: NDArray[np.float32] = self.encode([self.model.query_prefix + text])[0]
        return vector

    def passages(self, texts: Sequence[str]) -> Matrix:
        """A row for each text, of length 1; of zeros where the model made no numbers of it."""
        return self.encode([self.model.passage_prefix + text for text in texts])

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One text after the other: together they take longer and several times the memory, and a model whose
        numbers were rounded would make of each text something else in other company."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return np.concatenate([self._one(text) for text in texts])

    def _one(self, text: str) -> Matrix:
        cut = self._tokenizer.encode(text)
        mask = np.array([cut.attention_mask], np.int64)
        given = {
            "input_ids": np.array([cut.ids], np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([cut.type_ids], np.int64),
        }
        if missing := [name for name in self._inputs if name not in given]:
            raise Unusable(f"the model asks for {', '.join(missing)}")
        try:
            made = self._session.run([self._output], {name: given[name] for name in self._inputs})[0]
        except Exception as error:
            raise Unusable(f"the model does not run: {_first_line(error)}") from error
        return _unit(_pooled(np.asarray(made, np.float32), mask, self.model.pooling))


def _output_of(outputs: Sequence[Any]) -> str:
    """What holds whole sentences where a model says so, else its first: vectors of words."""
    names = [one.name for one in outputs]
    return _SENTENCE if _SENTENCE in names else str(names[0])


def _pooled(made: Matrix, mask: NDArray[np.int64], pooling: str) -> Matrix:
    if made.ndim == 2:
        return made
    if made.ndim != 3:
        raise Unusable(f"the model answers with {made.ndim} dimensions")
    if pooling == "cls":
        return made[:, 0]
    weights = mask[:, :, None].astype(np.float32)
    summed: Matrix = (made * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
    return summed


def _unit(rows: Matrix) -> Matrix:
    """Rows of length 1; what is no number becomes zeros, which are close to nothing."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    is_sound = np.isfinite(lengths) & (lengths > 0)
    return np.where(is_sound, rows / np.where(is_sound, lengths, 1), 0).astype(np.float32)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
