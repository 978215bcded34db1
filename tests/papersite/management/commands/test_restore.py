"""From a site at work to a backup, and from the backup to another site that mails nobody twice."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command

from tests import migrated
from tests.site import Site, wait_until

READERS = [f"reader{number}@example.org" for number in range(60)]
COUNT = """
import json
from accounts.models import User
from digest.models import Relay
from papersite.catalogue.models import Paper
relay = Relay.objects.get()
print(json.dumps([User.objects.count(), Paper.objects.count(), relay.is_paused, relay.pause_reason]))
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    site.start_sink(seconds_a_mail=0.02)
    site.add_readers(READERS)
    yield site
    site.close()


def begin_elsewhere(site: Site) -> str:
    """Another machine with the same settings: an empty folder and an empty database; its name, to drop."""
    site.environment["DATA_DIR"] = str(site.folder / "elsewhere")
    if not site.database:
        return ""
    name = f"{site.database}_back"
    migrated.drop_database(site.server, name)
    with closing(psycopg.connect(site.server, autocommit=True)) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    site.environment["DATABASE_URL"] = f"{site.server.rpartition('/')[0]}/{name}"
    return name


@pytest.mark.long
@pytest.mark.processes
def test_a_site_comes_back_from_a_backup_that_was_made_while_mails_left(site: Site) -> None:
    (site.folder / "data").mkdir(exist_ok=True)
    (site.folder / "data" / "unread-mail").mkdir()
    (site.folder / "data" / "unread-mail" / "one").write_text("From: somebody")
    backups = site.folder / "backups"
    sending = site.start("send_digests")
    wait_until(lambda: len(site.mails()) >= 5, 60, "the first mails")

    said = site.manage("backup", str(backups), "--keep", "3")

    assert sending.wait(120) == 0
    assert len(site.mails()) == len(READERS)
    (made,) = backups.iterdir()
    assert f"backup: path={made}" in said
    assert made.stat().st_mode & 0o777 == 0o700
    manifest = json.loads((made / "manifest.json").read_text())
    assert manifest["rows"]["accounts_user"] == len(READERS)
    assert "DATA_DIR" in manifest["settings"]
    assert site.environment.get("SECRET_KEY", "only-for-one-machine") not in (made / "manifest.json").read_text()
    if not site.database:
        with closing(sqlite3.connect(made / "database.sqlite3")) as stock:
            assert stock.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            stock.execute("VACUUM INTO ?", [str(site.folder / "vacuumed")])
    assert f"whole: path={made}" in site.manage("restore", str(backups), "--check")

    another = begin_elsewhere(site)
    try:
        told = site.manage("restore", str(backups))

        assert "restored: readers=60" in told
        users, papers, is_paused, reason = site.python(COUNT)
        assert (users, papers, is_paused) == (60, 20, True)
        assert reason.startswith("The site was restored from a backup: nothing is known from")
        assert (site.folder / "elsewhere" / "unread-mail" / "one").read_text() == "From: somebody"
        site.python("from digest.models import Relay; Relay.objects.update(is_paused=False); print('{}')")
        site.manage("send_digests")
        assert len(site.mails()) == len(READERS)
        # What is there is never overwritten.
        with pytest.raises(AssertionError, match="not empty"):
            site.manage("restore", str(backups))
    finally:
        if another:
            migrated.drop_database(site.server, another)


def test_what_is_no_backup_is_said_in_one_line(tmp_path: Path) -> None:
    shutil.copyfile(__file__, tmp_path / "manifest.json")

    with pytest.raises(CommandError, match="cannot be read"):
        call_command("restore", str(tmp_path), check=True)
