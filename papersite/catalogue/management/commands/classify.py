"""Sorts the catalogue under its topics again."""

from typing import Any

from django.core.management.base import BaseCommand

from papersite.catalogue.topics import classification


class Command(BaseCommand):
    help = "Matches every paper with every topic's search; a curator's word on a paper stays."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"papers={classification.classify_all()}")
