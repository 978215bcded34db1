"""Which backups are kept, and that half of one is never left."""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from papersite.backups import databases, making
from papersite.backups.manifest import Unusable
from tests.factories import NOW


def a_folder(path: Path) -> Path:
    path.mkdir()
    (path / "manifest.json").touch()
    return path


def names(target: Path) -> list[str]:
    return sorted(path.name for path in target.iterdir())


def test_the_newest_are_kept_and_strangers_left_alone(tmp_path: Path) -> None:
    for day in (21, 22, 23):
        a_folder(tmp_path / f"papersite-202611{day}T040000Z")
    a_folder(tmp_path / "papersite-of-the-wedding")

    gone = making.prune(tmp_path, 2, NOW)

    assert [path.name for path in gone] == ["papersite-20261121T040000Z"]
    assert names(tmp_path) == ["papersite-20261122T040000Z", "papersite-20261123T040000Z", "papersite-of-the-wedding"]
    assert making.prune(tmp_path, 0, NOW) == [tmp_path / "papersite-20261122T040000Z"]


def test_what_a_crash_left_goes_after_a_day(tmp_path: Path) -> None:
    for day, age in ((21, timedelta(days=2)), (23, timedelta(hours=2))):
        path = a_folder(tmp_path / f"papersite-202611{day}T040000Z.partial")
        moment = (NOW - age).timestamp()
        os.utime(path, (moment, moment))

    making.prune(tmp_path, 5, NOW)

    assert names(tmp_path) == ["papersite-20261123T040000Z.partial"]


def test_one_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(folder: Path) -> dict[str, int]:
        (folder / "database.dump").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(databases, "dump", full)

    with pytest.raises(Unusable, match="No space left on device"):
        making.make(tmp_path, NOW)
    assert names(tmp_path) == []

    a_folder(tmp_path / f"papersite-{NOW:%Y%m%dT%H%M%SZ}")
    with pytest.raises(Unusable, match="is there already"):
        making.make(tmp_path, NOW)
    shutil.rmtree(tmp_path)
    tmp_path.touch()
    with pytest.raises(Unusable, match="cannot be made"):
        making.make(tmp_path, NOW)


def test_a_key_is_known_again_by_a_mark_that_is_not_the_key() -> None:
    assert making.key_mark("one") == making.key_mark("one") != making.key_mark("two")
    assert len(making.key_mark("one")) == 16
