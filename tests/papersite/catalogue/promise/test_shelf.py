"""The learned model's file."""

import logging
import os
from dataclasses import replace
from pathlib import Path

import pytest

from papersite.catalogue.promise import shelf
from tests.papersite.catalogue.promise.test_model import MODEL


def test_what_is_kept_is_held_until_another_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "promise.json"
    assert shelf.held(path) is None

    assert shelf.keep(MODEL, path) == path.stat().st_size
    held = shelf.held(path)
    assert held == MODEL
    assert shelf.held(path) is held

    shelf.keep(replace(MODEL, learned_from=2000), path)
    assert shelf.held(path) == replace(MODEL, learned_from=2000)
    assert os.listdir(tmp_path) == ["promise.json"]  # noqa: PTH208

    path.unlink()
    assert shelf.held(path) is None


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 100_000, b'{"version": 99}'], ids=range(4))
def test_a_damaged_file_is_told_to_the_log_once_and_is_no_model(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "promise.json"
    path.write_bytes(content)

    with caplog.at_level(logging.WARNING):
        assert shelf.held(path) is None
        assert shelf.held(path) is None

    assert [record.message.split()[0] for record in caplog.records] == ["promise.unfit"]


def test_where_a_folder_stands_in_its_place_there_is_no_model(tmp_path: Path) -> None:
    assert shelf.held(tmp_path) is None
