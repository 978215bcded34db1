"""What is known of a model by its folder."""

import json
from pathlib import Path

import pytest

from papersite.catalogue.meaning import model
from papersite.catalogue.meaning.model import Unusable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "model.onnx").write_bytes(b"weights" * 5000)
    return tmp_path


def test_what_sentence_transformers_writes_is_read(folder: Path) -> None:
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(
        json.dumps({"word_embedding_dimension": 384, "pooling_mode_cls_token": True})
    )
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 64}))

    found = model.read(folder)

    assert (found.pooling, found.dimension, found.longest) == ("cls", 384, 64)


def test_model_toml_outranks_it(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps({"hidden_size": 768}))
    (folder / "model.toml").write_text('pooling = "cls"\nlongest = 128\nquery_prefix = "query: "\n')

    found = model.read(folder)

    assert (found.pooling, found.dimension, found.longest, found.query_prefix) == ("cls", 768, 128, "query: ")


def test_weights_may_lie_in_a_folder_of_their_own_or_have_any_name(folder: Path) -> None:
    (folder / "onnx").mkdir()
    (folder / "model.onnx").rename(folder / "onnx" / "model.onnx")
    assert model.read(folder).weights == folder / "onnx" / "model.onnx"

    (folder / "onnx" / "model.onnx").rename(folder / "small-int8.onnx")
    assert model.read(folder).weights == folder / "small-int8.onnx"


def test_a_fingerprint_is_of_the_files_and_of_how_they_are_used(folder: Path) -> None:
    found = {model.read(folder).fingerprint, model.read(folder).fingerprint}
    (folder / "model.toml").write_text('pooling = "cls"')
    found.add(model.read(folder).fingerprint)
    (folder / "model.onnx").write_bytes(b"Weights" * 5000)
    found.add(model.read(folder).fingerprint)

    assert len(found) == 3


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tokenizer.json", None), ("model.onnx", None), ("other.onnx", None), ("model.toml", "pooling ="),
        ("model.toml", 'pooling = "max"'), ("model.toml", "dimension = -1"), ("model.toml", 'longest = "many"'),
        ("model.toml", "colour = 1"), ("config.json", "[1]"), ("config.json", "{"), ("model.toml", b"\xff"),
    ],
)  # fmt: skip
def test_a_folder_that_is_not_as_it_should_be_is_refused_in_one_line(
    folder: Path, name: str, text: str | bytes | None
) -> None:
    if text is None:
        (folder / "tokenizer.json" if name == "tokenizer.json" else folder / "model.onnx").unlink()
        (folder / "more.onnx").touch()
        (folder / "other.onnx").touch()
    else:
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(Unusable) as refused:
        model.read(folder)

    assert "\n" not in str(refused.value)


def test_no_folder_holds_no_model(tmp_path: Path) -> None:
    with pytest.raises(Unusable):
        model.read(tmp_path / "nowhere")
