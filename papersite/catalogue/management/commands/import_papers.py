"""Takes in files of papers."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from papersite.catalogue import ingest
from papersite.catalogue.reading import cleaning
from papersite.catalogue.sources import files
from papersite.catalogue.sources.records import Rejected, SourceError, SourcePaper

SHOWN_REJECTS = ingest.SHOWN_REJECTS


class Command(BaseCommand):
    help = "Imports papers from files or folders; the same file again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--format", choices=sorted(files.FORMATS), default="", help="guessed when not given")

    def handle(self, *, paths: list[Path], format: str, **options: Any) -> None:
        try:
            found = [file for path in paths for file in files.files_in(path)]
            # A rehearsal without the database: a damaged file must leave nothing half imported.
            total = sum(1 for file in found for _ in files.read(file, format))
            report = import_files(found, format, total=total)
        except SourceError as error:
            raise CommandError(str(error)) from error
        for reject in report.first_rejects:
            self.stderr.write(f"rejected: {reject.place}: {reject.reason}")
        if report.rejected > SHOWN_REJECTS:
            self.stderr.write(f"… and {report.rejected - SHOWN_REJECTS} more; all are kept in admin under Harvests")
        self.stdout.write(str(report))


def import_files(found: list[Path], format_name: str, *, total: int, **options: Any) -> ingest.Report:
    """One run over all files, with a progress bar where a person is watching."""
    source = format_name or files.guess_format(found[0])
    if source != "listing":
        # A listing is a day's own list. What another file does not date is old, and no news of today.
        options = {"announce_undated": lambda _number: cleaning.EARLIEST} | options
    columns = (TextColumn("importing"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not Console().is_terminal) as bar:
        task = bar.add_task("importing", total=total)
        return ingest.run(
            records_of(found, format_name),
            source=source,
            origin=", ".join(str(path) for path in found),
            on_progress=lambda seen: bar.update(task, completed=seen),
            **options,
        )


def records_of(found: Iterable[Path], format_name: str) -> Iterator[SourcePaper | Rejected]:
    for path in found:
        yield from files.read(path, format_name)
