"""Runs the whole site on a single machine."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from papersite.processes import NAMES, Processes, Stopped, free_port


class Command(BaseCommand):
    help = "Runs web, workers, beat and the search index's writer together, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, port: int, **options: Any) -> None:
        if free_port(port) != port:
            raise CommandError(f"Port {port} is taken; choose another with --port.")
        call_command("migrate", verbosity=0)
        if not settings.DEBUG:
            call_command("collectstatic", verbosity=0, interactive=False)
        schedule = settings.CELERY_BEAT_SCHEDULE_FILENAME
        try:
            with Processes(port=port, site_url=settings.SITE_URL, beat_schedule=schedule) as processes:
                processes.start(NAMES)
                self.stdout.write(f"{settings.SITE_NAME} at http://localhost:{port}/ · Ctrl-C stops it")
                ended = processes.watch()
        except Stopped:
            return
        raise CommandError(f"{ended} has ended, so the rest was stopped.")
