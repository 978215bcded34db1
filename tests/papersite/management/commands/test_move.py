"""A site moves from SQLite to PostgreSQL: interrupted, taken up, compared, and never into what is filled."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.site import Site

INTERRUPTED = """
from pathlib import Path
from papersite.backups import moving
moving.STEP = 5
for moved in moving.move(Path(SOURCE)):
    if moved.table == "catalogue_paper":
        break
print("{}")
"""
HALF = "from django.db import connection\nconnection.cursor().execute('DELETE FROM catalogue_paper WHERE id > 8')\n"
ASK = """
import json
from accounts.models import User
from digest.models import Delivery, Relay
from papersite.catalogue.models import Paper
new = User.objects.create_user("new@example.org").pk
print(json.dumps([Paper.objects.count(), User.objects.count(), new, Delivery.objects.count()]))
"""
PAUSED = "import json; from digest.models import Relay; print(json.dumps(Relay.objects.filter(is_paused=True).count()))"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    site.postgresql = site.environment.get("DATABASE_URL", "")  # type: ignore[attr-defined]
    site.environment["DATABASE_URL"] = ""
    site.manage("migrate", "-v0")
    site.add_readers([f"reader{number}@example.org" for number in range(12)])
    yield site
    site.close()


@pytest.mark.long
@pytest.mark.processes
@pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="moves to PostgreSQL")
def test_all_that_is_in_the_file_is_in_the_database_and_the_file_sends_no_more(site: Site) -> None:
    source = site.folder / "data" / "papersite.sqlite3"
    site.environment["DATABASE_URL"] = site.postgresql  # type: ignore[attr-defined]
    site.python(f"SOURCE = {str(source)!r}\n{INTERRUPTED}")
    # As if it had been killed within the table of papers.
    site.python(f"{HALF}print('{{}}')")

    said = site.manage("move", "--from", str(source))

    assert "compared=equal" in said
    assert 0 < int(said.partition("copied=")[2].split()[0]) < int(said.partition("rows=")[2].split()[0])
    assert site.python(ASK) == [20, 13, 13, 12]
    assert "wrong=0 misplaced=0" in site.manage("tally")
    with pytest.raises(AssertionError, match="not empty"):
        site.manage("move", "--from", str(source))
    site.environment["DATABASE_URL"] = ""
    assert site.python(PAUSED) == 1


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor == "postgresql", reason="it is what is asked for")
def test_sqlite_is_not_moved_to() -> None:
    with pytest.raises(CommandError, match="must name the PostgreSQL database"):
        call_command("move")
