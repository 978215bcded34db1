"""Learns which new papers readers will want."""

from datetime import UTC
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from papersite.catalogue import promising
from papersite.catalogue.promise.learning import TooLittle


class Command(BaseCommand):
    help = "Learns from the days the catalogue has seen which new papers readers will want, and measures it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--withdraw", action="store_true", help="take all promise back instead, for when it is off")
        parser.add_argument("--dry-run", action="store_true", help="learn, measure and report; keep nothing")

    def handle(self, *, withdraw: bool, dry_run: bool, **options: Any) -> None:
        if withdraw:
            self.stdout.write(f"withdrawn={promising.withdraw()}")
            return
        now = timezone.now()
        try:
            lesson = promising.learn(now)
        except ImportError as error:
            raise CommandError(
                'scikit-learn is not installed: uv sync --group learn, or pip install "scikit-learn".'
            ) from error
        except TooLittle as error:
            raise CommandError(f"Nothing can be learned yet: {error}") from error
        self._tell(lesson)
        if dry_run:
            return
        self.stdout.write(f"promised={promising.keep(lesson.model, now)}")
        if reason := promising.why_not(lesson.model, now.astimezone(UTC).date()):
            self.stdout.write(f"Promise is off: {reason}.")
        elif not settings.PROMISE:
            self.stdout.write("It is kept, and changes nothing until PROMISE is switched on.")

    def _tell(self, lesson: promising.Lesson) -> None:
        model, found = lesson.model, lesson.model.measure
        self.stdout.write(
            f"papers={model.learned_from} days={found.days} p10={found.p10:.3f} "
            f"r10pct={found.r10pct:.3f} base={found.base:.3f}"
        )
        for name, one in lesson.companies.items():
            self.stdout.write(f"first ten {name}: {one}")
