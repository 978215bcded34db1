"""Does a worker's tasks at once, without the broker."""

from argparse import ArgumentParser
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand, CommandError

from papersite.observability import logs


class Command(BaseCommand):
    help = "Runs tasks here and now, such as digest.wake and digest.drain; workers do so while the broker is away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("tasks", nargs="+", metavar="TASK")

    def handle(self, *, tasks: list[str], **options: Any) -> None:
        logs.call_process("spare")
        current_app.loader.import_default_modules()
        # What a task orders, it does itself.
        current_app.conf.task_always_eager = True
        for name in tasks:
            task = current_app.tasks.get(name)
            if task is None:
                raise CommandError(f"There is no task {name}.")
            task.apply(throw=True)
