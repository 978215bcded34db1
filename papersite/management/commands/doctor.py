"""Asks the running site, line by line, whether all is well."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from papersite.doctor import machine, sender, work
from papersite.doctor.lines import Line


class Command(BaseCommand):
    help = "Looks at database, broker, processes, disk, index, relay and the sender's DNS: ok, or what to do."
    # What is wrong with the settings is for `check` to say; here the rest is wanted all the same.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--resolver", default="", metavar="ADDRESS", help="ask this one for the sender's DNS")
        parser.add_argument("--no-dns", action="store_true", help="leave the sender's DNS out")

    def handle(self, *, resolver: str, no_dns: bool, **options: Any) -> None:
        count = 0
        for line in _lines(resolver, no_dns=no_dns):
            self.stdout.write(str(line))
            count += not line.is_well
        self.stdout.write("all is well" if not count else f"{count} to mend")
        if count:
            raise SystemExit(1)


def _lines(resolver: str, *, no_dns: bool) -> Iterator[Line]:
    now = timezone.now()
    found = list(machine.database(now))
    yield from found
    yield from machine.messages()
    if found[-1].is_well or found[-1].name == "hosts":
        yield from work.processes(now)
    yield machine.disk()
    yield machine.index()
    yield work.relay()
    if not no_dns:
        yield from sender.look(sender.resolver(resolver), settings.DKIM_SELECTORS)
