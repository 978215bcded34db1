"""The main job on one machine: papers in, readers, today's digests out through a real worker."""

import time
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from digest import tasks
from digest.models import Delivery, DeliveryItem, Subscription
from digest.planning import planner
from digest.readers import demo
from papersite.catalogue import ingest, sample
from papersite.catalogue.calendar import day_bounds, weekdays_back
from papersite.catalogue.management.commands.import_papers import import_files
from papersite.catalogue.search import writing
from papersite.catalogue.search.folder import Folder, WriterBusy
from papersite.catalogue.sources import files
from papersite.catalogue.sources.records import SourceError
from papersite.mailing import outbox
from papersite.runtime.processes import NAMES
from papersite.runtime.supervisor import AlreadyRunning, Processes, Stopped, free_port

SPREAD_OVER = 10  # weekdays: two weeks
WAIT = 120.0
ORDER_AGAIN_AFTER = 5.0


class Command(BaseCommand):
    help = (
        "Loads papers and readers, starts web, workers, beat and index, and sends today's digests. Safe to run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="send through a worker, say what went out, and exit")
        parser.add_argument("--papers", type=Path, help="load this file or folder instead of the sample")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, once: bool, papers: Path | None, port: int, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        sample.load_topics()
        self.stdout.write(f"papers: {self._load(papers)}")
        self._index()
        subscriptions = self._cast()
        port = port if once else free_port(port)
        site_url = f"http://localhost:{port}"
        logs = settings.DATA_DIR / "logs"
        try:
            with Processes(
                port=port, site_url=site_url, beat_schedule=settings.CELERY_BEAT_SCHEDULE_FILENAME, logs=logs
            ) as processes:
                processes.start(["mail"] if once else NAMES)
                has_failed = self._send(subscriptions, processes)
                if once:
                    raise SystemExit(1 if has_failed else 0)
                self._say_where(site_url, logs)
                processes.supervise()
        except AlreadyRunning as error:
            raise CommandError(str(error)) from error
        except Stopped:
            self.stdout.write("stopped")

    def _load(self, path: Path | None) -> ingest.Report:
        """Papers without a date are spread over the last two weeks, so that there is something to browse."""
        days = [day_bounds(day)[0] for day in weekdays_back(timezone.now().date(), SPREAD_OVER)]

        def announce(number: int) -> datetime:
            return days[number % len(days)]

        if path is None:
            self.stdout.write("The sample's papers have no dates: they are spread over the last two weeks.")
            return ingest.run(sample.papers(), source="sample", announce_undated=announce)
        try:
            found = files.files_in(path)
            total = sum(1 for file in found for _ in files.read(file))
            return import_files(found, "", total=total, announce_undated=announce)
        except SourceError as error:
            raise CommandError(str(error)) from error

    def _index(self) -> None:
        """So that the search finds what was just loaded, at once."""
        try:
            with writing.writer(Folder(settings.INDEX_DIR)) as writer:
                writer.update()
        except WriterBusy:
            self.stdout.write("Another process keeps the search index up to date.")

    def _cast(self) -> list[Subscription]:
        if settings.DEBUG:
            demo.make_curator()
        else:
            self.stdout.write("No demo curator: its password is published, and DEBUG is off.")
        return demo.make_readers(timezone.now())

    def _send(self, subscriptions: list[Subscription], processes: Processes) -> bool:
        """Today's digests, through the worker; whether anything failed."""
        planned = planner.open_today(subscriptions, timezone.now())
        waiting = list(Delivery.objects.filter(subscription__in=subscriptions, state__in=Delivery.OPEN))
        settled = self._wait_for([delivery.pk for delivery in waiting], processes)
        files_by_id = {str(outbox.read(path)["Message-ID"]): path for path in outbox.newest(settings.OUTBOX_DIR)}
        counts = {state: sum(one.state == state for one in settled) for state in Delivery.State.values}
        papers = 0
        for one in settled:
            count = DeliveryItem.objects.filter(delivery=one).count()
            papers += count if one.state == Delivery.State.SENT else 0
            said = one.subject if one.state == Delivery.State.SENT else f"{one.get_state_display()}: {one.reason}"
            place = files_by_id.get(one.message_id, "no file")
            self.stdout.write(f"{one.subscription.reader.email}  {said}  papers={count}  {place}")
        unsettled = len(settled) - sum(counts[state] for state in ("sent", "empty", "skipped", "failed"))
        failed = counts["failed"] + counts["skipped"] + unsettled
        self.stdout.write(
            f"digest: planned={planned} sent={counts['sent']} empty={counts['empty']} failed={failed} "
            f"papers={papers} outbox={settings.OUTBOX_DIR}"
        )
        return failed > 0

    def _wait_for(self, ids: list[int], processes: Processes) -> list[Delivery]:
        """Orders a drain until the deliveries are settled, a process ends, or patience does."""
        chosen = Delivery.objects.filter(pk__in=ids)
        deadline = time.monotonic() + WAIT
        ordered_at = 0.0
        while chosen.filter(state__in=Delivery.OPEN).exists() and time.monotonic() < deadline and not processes.ended():
            if time.monotonic() - ordered_at > ORDER_AGAIN_AFTER:
                tasks.drain.apply_async(expires=60)
                ordered_at = time.monotonic()
            time.sleep(0.1)
        return list(chosen.select_related("subscription__reader").order_by("pk"))

    def _say_where(self, site_url: str, logs: Path) -> None:
        self.stdout.write("")
        self.stdout.write(f"  the site         {site_url}/")
        self.stdout.write(f"  the mails        {site_url}/outbox/")
        if settings.DEBUG:
            self.stdout.write(f"  as the curator   {site_url}/admin/  {demo.CURATOR}  {demo.CURATOR_PASSWORD}")
        readers = ", ".join(role.address for role in demo.READERS)
        self.stdout.write(f"  as a reader      {site_url}/accounts/login/  {readers}; the code is in the outbox")
        self.stdout.write(f"  the logs         {logs}")
        self.stdout.write("  Ctrl-C stops everything")
