"""Compares the kept counts with the papers."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from papersite.catalogue import tallies

SHOWN = 20


class Command(BaseCommand):
    help = "Checks the counts of days, topics and categories that the database keeps, and each list's order."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mend", action="store_true", help="count everything anew where something is wrong")

    def handle(self, *, mend: bool, **options: Any) -> None:
        wrong, lukewarm = tallies.wrong(), tallies.lukewarm()
        for kind, target, day, held, due in wrong[:SHOWN]:
            self.stdout.write(f"{kind} {target} {day}: kept {held}, there are {due}")
        if mend and (wrong or lukewarm):
            tallies.mend()
        tallies.fold()
        self.stdout.write(f"wrong={len(wrong)} misplaced={lukewarm} mended={'yes' if mend else 'no'}")
        if (wrong or lukewarm) and not mend:
            raise SystemExit(1)
