"""``manage.py reread``: reads the papers' sources again, where an older reader read them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from papersite.catalogue.reading import rereading


class Command(BaseCommand):
    help = "Reads titles, abstracts, comments and names again from what their sources wrote. Go on by calling it again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="also what the present reader has read")

    def handle(self, *args: Any, **options: Any) -> None:
        report = rereading.reread(everything=options["all"], on_progress=self._tell)
        self.stdout.write(str(report))

    def _tell(self, seen: int) -> None:
        if seen % 10_000 < rereading.BATCH:
            self.stderr.write(f"{seen} papers read")
