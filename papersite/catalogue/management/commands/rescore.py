"""Computes each paper's heat again."""

from typing import Any

from django.core.management.base import BaseCommand

from papersite.catalogue.heat import scoring


class Command(BaseCommand):
    help = "Scores every paper again, as after a change of the weights."

    def handle(self, **options: Any) -> None:
        seen, moved = scoring.rescore()
        self.stdout.write(f"papers={seen} moved={moved}")
