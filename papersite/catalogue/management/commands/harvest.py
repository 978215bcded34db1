"""Reads a live source by hand."""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from papersite.catalogue import harvesting
from papersite.catalogue.sources import huggingface
from papersite.catalogue.sources.records import SourceError

# Which option means something to which source, under the name of its function's argument.
OPTIONS = {"huggingface": {"period"}, "arxiv-oai": {"since"}, "arxiv-papers": {"arxiv_ids"}}


class Command(BaseCommand):
    help = "Reads a live source from where its last run stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", choices=sorted(harvesting.SOURCES))
        parser.add_argument("--period", help="huggingface: one day, week (2026-W20) or month (2026-05) instead")
        parser.add_argument("--since", type=date.fromisoformat, help="arxiv-oai: all that changed since this day")
        parser.add_argument("--ids", nargs="+", dest="arxiv_ids", help="arxiv-papers: these papers, by arXiv id")

    def handle(self, *, source: str, **options: Any) -> None:
        given = {name: options[name] for name in ("period", "since", "arxiv_ids") if options[name]}
        if unknown := set(given) - OPTIONS.get(source, set()):
            raise CommandError(f"{source} does not take --{min(unknown).replace('arxiv_', '')}.")
        if "period" in given:
            _check_period(given["period"])
        harvest: Callable[..., Any] = harvesting.SOURCES[source]
        try:
            report = harvest(timezone.now(), **given)
        except (SourceError, harvesting.AlreadyRunning, harvesting.Overtaken) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(report))


def _check_period(period: str) -> None:
    try:
        huggingface.period_of(period)
    except ValueError as error:
        raise CommandError(f"{period} is no day, week or month ({error}).") from error
