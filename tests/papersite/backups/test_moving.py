"""What is refused before a row is moved; the whole way is told in management/commands/test_move.py."""

from pathlib import Path

import pytest
from django.db import connection

from papersite.backups import moving
from papersite.backups.manifest import Unusable
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def moved(source: Path) -> None:
    list(moving.move(source))


@pytest.mark.skipif(connection.vendor == "postgresql", reason="it is what is asked for")
def test_only_postgresql_is_moved_to(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="DATABASE_URL must name the PostgreSQL database"):
        moved(tmp_path / "papersite.sqlite3")
    assert not moving.is_unfinished()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="needs PostgreSQL")
def test_what_is_no_file_of_the_site_is_refused(tmp_path: Path) -> None:
    UserFactory.create()
    with pytest.raises(Unusable, match="There is no file"):
        moved(tmp_path / "papersite.sqlite3")
    (tmp_path / "papersite.sqlite3").touch()
    with pytest.raises(Unusable, match="is no database of this site"):
        moved(tmp_path / "papersite.sqlite3")
