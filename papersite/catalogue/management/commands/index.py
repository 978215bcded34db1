"""Keeps the search index in step with the database."""

import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from papersite import heartbeats, logs
from papersite.catalogue.models import Paper
from papersite.catalogue.search import writing
from papersite.catalogue.search.folder import Folder, Unavailable, WriterBusy

SHOWN = 20


class Command(BaseCommand):
    help = "Writes to the search index what changed in the database since the last time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--rebuild", action="store_true", help="from the beginning, beside the one in use; then swap")
        how.add_argument("--follow", action="store_true", help="go on until stopped: each web host runs this")
        how.add_argument("--check", action="store_true", help="compare with the database and say what differs")

    def handle(self, *, rebuild: bool, follow: bool, check: bool, **options: Any) -> None:
        folder = Folder(settings.INDEX_DIR)
        try:
            if check:
                self._check(folder)
            elif follow:
                self._follow(folder)
            else:
                with writing.writer(folder) as writer:
                    self.stdout.write(str(self._rebuild(writer) if rebuild else writer.update()))
        except WriterBusy as error:
            if not rebuild:
                raise CommandError(f"{error} One index has one writer.") from error
            folder.ask_for_rebuild()
            self.stdout.write(f"{error} It will build it anew.")
        except Unavailable as error:
            raise CommandError(f"{error} Run “manage.py index”.") from error

    def _rebuild(self, writer: writing.Writer) -> writing.Report:
        total = Paper.objects.visible().count()
        columns = ("[progress.description]{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, transient=True, disable=not self.stdout.isatty()) as progress:
            task = progress.add_task("papers", total=total)
            return writer.rebuild(lambda count: progress.update(task, completed=count))

    def _follow(self, folder: Folder) -> None:
        stopped = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        logs.call_process("index")
        heartbeats.Pulse("index", figures=lambda: _figures(folder)).start()
        writing.follow(folder, is_stopping=stopped.is_set, wait=stopped.wait)

    def _check(self, folder: Folder) -> None:
        found = writing.compare(folder)
        told = (("missing", found.missing), ("left", found.left), ("stale", found.stale))
        self.stdout.write(f"papers={found.papers} " + " ".join(f"{name}={len(papers)}" for name, papers in told))
        for name, papers in told:
            if papers:
                more = " …" if len(papers) > SHOWN else ""
                self.stdout.write(f"  {name}: {', '.join(map(str, papers[:SHOWN]))}{more}")
        if found:
            raise CommandError("The index differs from the database; “manage.py index --rebuild” makes it anew.")


def _figures(folder: Folder) -> dict[str, Any]:
    """For the heartbeat: how far the index has followed the database."""
    generation = folder.current()
    return {"revision": generation.revision if generation else None}
