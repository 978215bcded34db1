"""Runs the whole site on a single machine."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from papersite.observability import heartbeats, logs
from papersite.runtime.processes import NAMES, STOP_WITHIN
from papersite.runtime.supervisor import AlreadyRunning, Processes, Stopped


class Command(BaseCommand):
    help = (
        "Runs web, workers, beat and the search index's writer together, starts again what ends, until Ctrl-C or "
        f"SIGTERM; then all have up to {STOP_WITHIN} seconds for what they are at."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--bind", default="127.0.0.1", metavar="ADDRESS", help="where to listen; 0.0.0.0 on every network"
        )
        parser.add_argument("--log", type=Path, metavar="FILE", help="one log of all, instead of the terminal")

    def handle(self, *, port: int, bind: str, log: Path | None, **options: Any) -> None:
        if log is not None:
            _write_to(log)
        logs.call_process("supervisor")
        site_url = _site_url(port)
        running = Processes(
            port=port, bind=bind, site_url=site_url, beat_schedule=settings.CELERY_BEAT_SCHEDULE_FILENAME
        )
        try:
            with running:
                # By now what an earlier run left on this port has gone.
                if not running.gets_port():
                    raise CommandError(f"Port {port} is taken; choose another with --port.")
                call_command("migrate", verbosity=0)
                if not settings.DEBUG:
                    call_command("collectstatic", verbosity=0, interactive=False)
                running.start(NAMES)
                self.stdout.write(f"{settings.SITE_NAME} at {site_url}/ · Ctrl-C stops it")
                heartbeats.Pulse("supervisor", figures=running.figures).start()
                running.supervise()
        except AlreadyRunning as error:
            raise CommandError(str(error)) from error
        except Stopped:
            return


def _site_url(port: int) -> str:
    """Who only tries the site out need not say its address."""
    return f"http://localhost:{port}" if settings.DEBUG and not os.environ.get("SITE_URL") else settings.SITE_URL


def _write_to(path: Path) -> None:
    """This process and its children add to the file, so that a rotation may copy and truncate it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    sys.stdout.flush()
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)
