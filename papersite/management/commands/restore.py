"""Brings a backup back into an empty place, and closes what a restore must close."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from papersite.backups import restoring
from papersite.backups.manifest import Unusable


class Command(BaseCommand):
    help = (
        "Restores the backup SOURCE, or the newest in that folder, into an empty database and DATA_DIR; then runs "
        "`restored`: every local day up to now is closed, so that nobody is mailed twice, and mail waits."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, metavar="SOURCE")
        parser.add_argument("--check", action="store_true", help="only see whether the backup is whole")
        parser.add_argument("--left", type=Path, metavar="FILE", help="as `restored` takes it")

    def handle(self, *, source: Path, check: bool, left: Path | None, **options: Any) -> None:
        try:
            source = restoring.newest(source.resolve())
            manifest = restoring.check(source) if check else restoring.restore(source)
        except Unusable as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest.rows.values())
        self.stdout.write(
            f"{'whole' if check else 'restore'}: path={source} made_at={manifest.made_at:%Y-%m-%dT%H:%M:%SZ} "
            f"database={manifest.vendor} rows={rows}"
        )
        if not restoring.is_same_key(manifest):
            self.stderr.write(
                "SECRET_KEY is another than when it was made, and not among SECRET_KEY_FALLBACKS: sessions, links in "
                "mails and authenticator apps will not be known."
            )
        if not check:
            call_command("restored", left=left, stdout=self.stdout)
