"""A backup that is made while mails leave, and what is refused."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


def test_a_number_to_keep_is_at_least_one(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        call_command("backup", str(tmp_path), keep=0)


@pytest.mark.django_db
def test_what_goes_wrong_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(CommandError, match="cannot be made: Not a directory"):
        call_command("backup", str(tmp_path / "file" / "backups"))
