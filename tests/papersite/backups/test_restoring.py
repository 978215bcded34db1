"""Which backup is meant, and when it is refused before anything is written."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from papersite.backups import databases, making, restoring
from papersite.backups.manifest import Manifest, Unusable
from tests.factories import NOW


def a_manifest(**changed: Any) -> Manifest:
    usual: dict[str, Any] = {
        "made_at": NOW, "vendor": connection.vendor, "migrations": ["digest.0001_initial", "sites.0001_initial"],
        "rows": {}, "settings": [], "key_mark": "", "left_out": {},
    }  # fmt: skip
    return Manifest(**usual | changed)


def test_a_folder_of_backups_means_its_newest(tmp_path: Path) -> None:
    for name in ("papersite-20261121T040000Z", "papersite-20261123T040000Z", "papersite-20261124T040000Z.partial"):
        (tmp_path / name).mkdir()
    (tmp_path / "moved").mkdir()
    (tmp_path / "moved" / "manifest.json").touch()

    assert restoring.newest(tmp_path).name == "papersite-20261123T040000Z"
    assert restoring.newest(tmp_path / "papersite-20261121T040000Z").name == "papersite-20261121T040000Z"
    assert restoring.newest(tmp_path / "moved").name == "moved"
    (tmp_path / "empty").mkdir()
    with pytest.raises(Unusable, match="There is no backup in"):
        restoring.newest(tmp_path / "empty")


@pytest.mark.django_db
def test_what_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    other = "sqlite" if connection.vendor == "postgresql" else "postgresql"
    for manifest, says in (
        (a_manifest(vendor=other), f"It is a backup of {other}"),
        (a_manifest(migrations=["digest.9999_to_come"]), r"does not know digest\.9999_to_come"),
        (a_manifest(), "The database is not empty"),
    ):
        monkeypatch.setattr(restoring, "check", lambda source, manifest=manifest: manifest)
        with pytest.raises(Unusable, match=says):
            restoring.restore(Path("nowhere"))
    monkeypatch.setattr(databases, "is_empty", lambda: True)
    monkeypatch.setattr(databases, "load", lambda source: None)
    monkeypatch.setattr(restoring, "check", lambda source: a_manifest(rows={"accounts_user": 7}))
    with pytest.raises(Unusable, match="Rows of accounts_user are not as many"):
        restoring.restore(Path("nowhere"))


def test_the_key_of_then_may_be_an_earlier_one(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["old"]

    assert restoring.is_same_key(a_manifest(key_mark=making.key_mark("old")))
    assert not restoring.is_same_key(a_manifest(key_mark=making.key_mark("other")))
