"""Keeps the search index in step with the database, and the vectors of what papers mean, where there is a model."""

import signal
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from papersite.catalogue import revisions
from papersite.catalogue.meaning import site, vectors
from papersite.catalogue.meaning import writing as of_vectors
from papersite.catalogue.meaning.beside import beside
from papersite.catalogue.models import Paper
from papersite.catalogue.search import reading, writing
from papersite.catalogue.search.folder import Folder, Unavailable, WriterBusy
from papersite.observability import heartbeats, logs

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
                    self._encode(folder, is_rebuilt=rebuild)
        except WriterBusy as error:
            if not rebuild:
                raise CommandError(f"{error} One index has one writer.") from error
            folder.ask_for_rebuild()
            self.stdout.write(f"{error} It will build it anew.")
        except Unavailable as error:
            raise CommandError(f"{error} Run “manage.py index”.") from error

    def _rebuild(self, writer: writing.Writer) -> writing.Report:
        with self._progress("papers") as advance:
            return writer.rebuild(advance)

    @contextmanager
    def _progress(self, what: str) -> Iterator[Callable[[int], None]]:
        total = Paper.objects.visible().count()
        columns = ("[progress.description]{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, transient=True, disable=not self.stdout.isatty()) as progress:
            task = progress.add_task(what, total=total)
            yield lambda count: progress.update(task, completed=count)

    def _encode(self, folder: Folder, *, is_rebuilt: bool) -> None:
        """Brings the vectors up to date; a rebuild looks at all of them, and encodes what is not right."""
        if (model := site.described(settings.MODEL_DIR)) is None:
            return
        if (writer := of_vectors.open_writer(folder.path, model)) is None:
            raise CommandError("The model cannot be used; the log says why.")
        with closing(writer), self._progress("vectors") as advance:
            if is_rebuilt:
                writer.look_again()
            written = removed = 0
            is_done = False
            while not is_done:
                done = writer.step(of_vectors.STEP)
                written, removed, is_done = written + done.written, removed + done.removed, done.is_done
                advance(written)
        self.stdout.write(f"vectors: written={written} removed={removed}")

    def _follow(self, folder: Folder) -> None:
        stopped = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        logs.call_process("index")
        heartbeats.Pulse("index", figures=Standing(folder).figures).start()
        with beside(folder.path, site.described(settings.MODEL_DIR)) as vectors:
            writing.follow(folder, is_stopping=stopped.is_set, wait=stopped.wait, also=vectors)

    def _check(self, folder: Folder) -> None:
        found = writing.compare(folder)
        self._tell("", found.papers, {"missing": found.missing, "left": found.left, "stale": found.stale})
        if self._check_vectors(folder) or found:
            raise CommandError("The index differs from the database; “manage.py index --rebuild” makes it anew.")

    def _check_vectors(self, folder: Folder) -> bool:
        """Whether they differ."""
        if (model := site.described(settings.MODEL_DIR)) is None:
            return False
        try:
            found = of_vectors.compare(folder.path, model)
        except (OSError, vectors.Damaged) as error:
            self.stdout.write(f"vectors: {error}")
            return True
        told = {"missing": found.missing, "left": found.left, "stale": found.stale, "damaged": found.damaged}
        self._tell("vectors: ", found.papers, told)
        return bool(found)

    def _tell(self, what: str, count: int, told: dict[str, list[int]]) -> None:
        self.stdout.write(f"{what}papers={count} " + " ".join(f"{name}={len(papers)}" for name, papers in told.items()))
        for name, papers in told.items():
            if papers:
                more = " …" if len(papers) > SHOWN else ""
                self.stdout.write(f"  {name}: {', '.join(map(str, papers[:SHOWN]))}{more}")


class Standing:
    """For the heartbeat: how far the index has followed the database, and when it last came further."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.held: int | None = None
        self.moved_at = timezone.now()

    def figures(self) -> dict[str, Any]:
        generation = self.folder.current()
        held = generation.revision if generation else None
        if held != self.held or (held is not None and held == revisions.settled()):
            self.held, self.moved_at = held, timezone.now()
        return {"revision": held, "papers": self._papers(), "moved_at": self.moved_at.isoformat()}

    def _papers(self) -> int | None:
        try:
            return reading.reader().ask(lambda searcher: searcher.num_docs)
        except Unavailable:
            return None
