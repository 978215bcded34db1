"""Moves the site from SQLite to PostgreSQL."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from papersite.backups import moving
from papersite.backups.manifest import Unusable


class Command(BaseCommand):
    help = (
        "Copies all of a SQLite file into the PostgreSQL database that DATABASE_URL names, which must be empty, and "
        "compares both. Interrupted, it goes on where it was when it is run again. Stop the site before."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = settings.DATA_DIR / "papersite.sqlite3"
        parser.add_argument("--from", dest="source", type=Path, metavar="FILE", default=default)
        parser.add_argument("--anew", action="store_true", help="first empty what an interrupted move has left")

    def handle(self, *, source: Path, anew: bool, **options: Any) -> None:
        began, rows, copied, tables = time.monotonic(), 0, 0, 0
        try:
            for moved in moving.move(source, anew=anew):
                rows, copied, tables = rows + moved.rows, copied + moved.copied, tables + 1
                if options["verbosity"] > 1:
                    self.stdout.write(f"{moved.table}: {moved.rows}")
        except Unusable as error:
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - began
        self.stdout.write(f"move: tables={tables} rows={rows} copied={copied} seconds={seconds:.1f} compared=equal")
