"""Creates the topics that come with the site."""

from typing import Any

from django.core.management.base import BaseCommand

from papersite.catalogue import sample


class Command(BaseCommand):
    help = "Creates the topics that come with the site; those that exist stay as they are."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"created={sample.load_topics()}")
