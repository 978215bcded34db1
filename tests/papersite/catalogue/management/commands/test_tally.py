"""The command that checks the kept counts."""

import io

import pytest
from django.core.management import call_command

from papersite.catalogue import tallies
from papersite.catalogue.models import Tally
from tests.factories import PaperFactory

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    output = io.StringIO()
    call_command("tally", *arguments, stdout=output)
    return output.getvalue()


def test_right_counts_are_said_to_be_right() -> None:
    PaperFactory.create()

    assert run() == "wrong=0 misplaced=0 mended=no\n"


def test_wrong_ones_fail_and_are_mended_when_told_to() -> None:
    PaperFactory.create()
    Tally.objects.update(amount=7)

    with pytest.raises(SystemExit):
        run()
    assert run("--mend") == "day 0 2026-11-23: kept 7, there are 1\nwrong=1 misplaced=0 mended=yes\n"
    assert tallies.wrong() == []
