"""Makes backups and prunes old ones. Each is a folder that is either whole or not there."""

import os
import re
import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from papersite.backups import databases
from papersite.backups.manifest import Manifest, Unusable

NAMED = re.compile(r"papersite-\d{8}T\d{6}Z")
PARTIAL = ".partial"
# Files of DATA_DIR that nothing else can make again.
KEPT = ("high-water.json", "unread-mail", "learned")
LEFT_OUT = {
    "index": "the search index is built anew from the database",
    "static": "collectstatic makes it anew",
    "broker": "messages only wake workers; the database knows what is to be done",
    "cache.sqlite3": "a cache",
    "beat-schedule": "beat begins anew",
    "outbox": "mails that were written to files; they have been sent",
    "logs": "logs",
    ".env": "secrets: keep it elsewhere, with SECRET_KEY above all",
}
ABANDONED = timedelta(days=1)


def make(target: Path, now: datetime) -> Path:
    """A new backup in this folder, named by its moment in UTC. Raises Unusable; then nothing is left behind."""
    final = target / f"papersite-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    partial = final.with_name(final.name + PARTIAL)
    try:
        target.mkdir(parents=True, exist_ok=True)
        if final.exists():
            raise Unusable(f"{final} is there already.")
        # Addresses of readers are in it.
        partial.mkdir(mode=0o700)
    except OSError as error:
        raise Unusable(f"{partial} cannot be made: {error.strerror}.") from error
    try:
        _fill(partial, now)
        partial.rename(final)
        databases.flush(target)
    except OSError as error:
        raise Unusable(f"{final} cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return final


def _fill(folder: Path, now: datetime) -> None:
    rows = databases.dump(folder)
    for name in KEPT:
        source = settings.DATA_DIR / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        elif source.exists():
            shutil.copyfile(source, folder / name)
    Manifest(
        made_at=now,
        vendor=connection.vendor,
        migrations=databases.migrations(),
        rows=rows,
        settings=settings.VARIABLES.given(),
        key_mark=key_mark(settings.SECRET_KEY),
        left_out=LEFT_OUT,
    ).write(folder)
    for path in (folder, *folder.rglob("*")):
        os.chmod(path, 0o700 if path.is_dir() else 0o600)  # noqa: PTH101  a folder's is the same
        databases.flush(path)


def key_mark(key: str) -> str:
    """By which a key is known again, and which does not help to guess it where it is a long random one."""
    return salted_hmac("papersite.backups", "key", secret=key, algorithm="sha256").hexdigest()[:16]


def prune(target: Path, keep: int, now: datetime) -> list[Path]:
    """Removes all whole backups but the newest ``keep``, and what a crash left half made; those that went."""
    whole = sorted(path for path in target.iterdir() if NAMED.fullmatch(path.name) and path.is_dir())
    gone = whole[: max(len(whole) - max(keep, 1), 0)]
    gone += [path for path in target.glob(f"papersite-*{PARTIAL}") if _is_abandoned(path, now)]
    for path in gone:
        # First under a name that is no backup's: half of one must not pass for a whole one.
        leaving = path.with_name(path.name.removesuffix(PARTIAL) + PARTIAL)
        with suppress(OSError):
            path.rename(leaving)
        shutil.rmtree(leaving, ignore_errors=True)
    return gone


def _is_abandoned(path: Path, now: datetime) -> bool:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - ABANDONED
