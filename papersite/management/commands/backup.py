"""Copies all that cannot be made again into a folder, while the site runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from papersite.backups import making
from papersite.backups.manifest import Unusable


class Command(BaseCommand):
    help = "Makes a backup in TARGET, a folder: consistent while the site runs, with checksums, without secrets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, metavar="TARGET")
        parser.add_argument("--keep", type=int, metavar="N", help="then remove all but the newest N backups in TARGET")

    def handle(self, *, target: Path, keep: int | None, **options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError("--keep takes a number of backups, at least 1.")
        now = timezone.now()
        try:
            made = making.make(target.resolve(), now)
        except Unusable as error:
            raise CommandError(str(error)) from error
        size = sum(path.stat().st_size for path in made.rglob("*") if path.is_file())
        pruned = making.prune(made.parent, keep, now) if keep else []
        self.stdout.write(f"backup: path={made} bytes={size} pruned={len(pruned)}")
