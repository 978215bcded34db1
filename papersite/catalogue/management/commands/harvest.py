"""Reads a live source by hand."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from papersite.catalogue import harvesting
from papersite.catalogue.records import SourceError


class Command(BaseCommand):
    help = "Reads a live source from where its last run stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", choices=sorted(harvesting.SOURCES))

    def handle(self, *, source: str, **options: Any) -> None:
        try:
            report = harvesting.SOURCES[source](timezone.now())
        except (SourceError, harvesting.AlreadyRunning) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(report))
