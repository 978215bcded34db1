"""A backup's manifest: it comes back as it was written, and what was changed is named."""

from pathlib import Path

import pytest

from papersite.backups.manifest import NAME, Manifest, Unusable
from tests.factories import NOW


def written(folder: Path) -> Manifest:
    (folder / "inner").mkdir()
    (folder / "database.dump").write_bytes(b"rows")
    (folder / "inner" / "mail").write_bytes(b"words")
    manifest = Manifest(NOW, "sqlite", ["digest.0001_initial"], {"accounts_user": 3}, ["SITE_URL"], "mark", {"a": "b"})
    manifest.write(folder)
    return manifest


def test_it_comes_back_as_it_was_written(tmp_path: Path) -> None:
    manifest = written(tmp_path)

    assert Manifest.read(tmp_path) == manifest
    assert list(manifest.files) == ["database.dump", "inner/mail"]
    manifest.verify(tmp_path)


def test_each_file_that_is_not_as_it_was_is_named(tmp_path: Path) -> None:
    manifest = written(tmp_path)
    (tmp_path / "inner" / "mail").unlink()
    (tmp_path / "database.dump").write_bytes(b"other")
    (tmp_path / "stranger").touch()

    with pytest.raises(Unusable) as raised:
        manifest.verify(tmp_path)

    assert str(raised.value).partition(": ")[2] == (
        "inner/mail is missing, stranger does not belong to it, database.dump was changed or damaged."
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [(None, "it has no manifest.json"), ("{", "cannot be read"), ("[]", "cannot be read"), ("{}", "cannot be read"),
     ('{"format": 2}', "format 2; this release reads 1")],
)  # fmt: skip
def test_what_is_no_manifest_is_said(tmp_path: Path, text: str | None, says: str) -> None:
    if text is not None:
        (tmp_path / NAME).write_text(text)

    with pytest.raises(Unusable, match=says):
        Manifest.read(tmp_path)
