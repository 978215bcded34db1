"""Becomes one process of the table, for whatever else starts the site than ``serve``."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from papersite.runtime import processes


class Command(BaseCommand):
    help = "Runs one process of the site in the foreground: " + ", ".join(processes.NAMES) + "."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=processes.NAMES)
        parser.add_argument("--port", type=int, default=8000, help="of the web server")
        parser.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS", help="of the web server")

    def handle(self, *, name: str, port: int, bind: str, **options: Any) -> None:
        schedule = settings.CELERY_BEAT_SCHEDULE_FILENAME
        command = processes.command(name, port=port, bind=bind, beat_schedule=schedule)
        self.stdout.flush()
        # The same process goes on, so that signals reach it and whoever watches it.
        os.execv(command[0], command)  # noqa: S606  without a shell
