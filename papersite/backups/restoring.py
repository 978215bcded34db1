"""Brings a backup back into an empty place."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from papersite.backups import databases
from papersite.backups.making import KEPT, NAMED, key_mark
from papersite.backups.manifest import Manifest, Unusable

HELD = "A restore is under way. When nobody is at it any more, run manage.py restored."


def newest(source: Path) -> Path:
    """The backup that is meant: the folder itself, or the newest in it."""
    if NAMED.fullmatch(source.name) or (source / "manifest.json").exists():
        return source
    found = sorted(path for path in source.glob("papersite-*") if NAMED.fullmatch(path.name))
    if not found:
        raise Unusable(f"There is no backup in {source}.")
    return found[-1]


def check(source: Path) -> Manifest:
    """Raises Unusable where anything of it is missing, changed or not readable."""
    manifest = Manifest.read(source)
    manifest.verify(source)
    databases.check(source, manifest.vendor)
    return manifest


def restore(source: Path) -> Manifest:
    """Fills this site's database and folder of data, and brings the tables to this release.

    Mail is held in it; what a restore must close is not closed yet. Raises Unusable before anything is
    written where the backup is not whole or this place is not empty.
    """
    manifest = check(source)
    _refuse(manifest)
    databases.load(source)
    counted = databases.rows(manifest.rows)
    if odd := [table for table, count in counted.items() if count != manifest.rows[table]]:
        raise Unusable(f"Rows of {', '.join(odd)} are not as many as were saved. Mail is held; do not use this.")
    for name in KEPT:
        _bring_back(source / name, settings.DATA_DIR / name)
    # Of another database, and it would not notice.
    shutil.rmtree(settings.INDEX_DIR, ignore_errors=True)
    call_command("migrate", interactive=False, verbosity=0)
    databases.hold_mail(HELD)
    return manifest


def _refuse(manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        raise Unusable(
            f"It is a backup of {manifest.vendor}, and DATABASE_URL names {connection.vendor}. Restore it into "
            "its own kind; from SQLite, manage.py move leads on to PostgreSQL."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer := [name for name in manifest.migrations if name not in known and not _is_of_others(name)]:
        raise Unusable(f"A newer release made it: this one does not know {newer[0]}.")
    if not databases.is_empty():
        raise Unusable("The database is not empty. Restore into a new one: nothing is overwritten.")


def _is_of_others(name: str) -> bool:
    """Of an app that the site does not have now, such as the sign-in with a site whose keys were taken away."""
    return name.partition(".")[0] not in {"papersite", "catalogue", "digest", "accounts"}


def _bring_back(source: Path, target: Path) -> None:
    """What is there already stays: this host knows more than the backup."""
    if target.exists() or not source.exists():
        return
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


def is_same_key(manifest: Manifest) -> bool:
    """Whether the key of then signs, or is at least still believed."""
    return manifest.key_mark in {key_mark(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}
