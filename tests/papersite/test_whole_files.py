"""Files are whole, or as they were."""

import os
from pathlib import Path
from typing import Any

import pytest

from papersite import whole_files


def test_a_file_is_written_and_written_over(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"

    whole_files.write(path, "one")
    whole_files.write(path, "two")

    assert path.read_text() == "two"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept.json"
    whole_files.write(path, "one")

    def full(_file: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        whole_files.write(path, "two")

    assert path.read_text() == "one"
