"""Plans and sends digests by hand: what beat and the workers do, in this process."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from digest.choosing import assembly, distinct, inputs
from digest.choosing.rankings import Rankings
from digest.models import Subscription
from digest.planning import planner
from digest.planning.scheduling import local_day
from digest.sending import claims, drain
from digest.types import Claim
from papersite.catalogue.models import Paper


class Command(BaseCommand):
    help = "Sends what is due; with --reader or --now today's digest at once. Nobody gets a second one for a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reader", metavar="ADDRESS", help="only this reader, whatever the hour")
        parser.add_argument("--now", action="store_true", help="every reader's digest of today, whatever the hour")
        parser.add_argument("--day", type=date.fromisoformat, help="with --dry-run: as of this day")
        parser.add_argument("--dry-run", action="store_true", help="say who would get what and why; send nothing")

    def handle(self, *, reader: str | None, now: bool, day: date | None, dry_run: bool, **options: Any) -> None:
        if day is not None and not dry_run:
            raise CommandError("--day goes with --dry-run: a day that is over is not mailed.")
        chosen = Subscription.objects.active().select_related("reader")
        if reader:
            chosen = chosen.filter(reader__email=reader.lower())
            if not chosen:
                raise CommandError(f"{reader} has no active subscription.")
        if dry_run:
            self._rehearse(list(chosen), day)
            return
        moment = timezone.now()
        planned = planner.open_today(chosen, moment) if reader or now else planner.open_deliveries(moment)
        claims.sweep(moment)
        self.stdout.write(f"planned={planned} {drain.drain_due()}")

    def _rehearse(self, subscriptions: list[Subscription], day: date | None) -> None:
        now = timezone.now()
        rehearsed = [
            Claim(-number, day or local_day(now, one.time_zone), one.pk, now, one.reader.email, one.cap)
            for number, one in enumerate(subscriptions, start=1)
        ]
        rankings = Rankings()
        gathered = inputs.gather(rehearsed, rankings, now)
        chosen = distinct.choose_all(gathered, rankings.nearness, now, rankings.names)
        for one in rehearsed:
            choices = chosen[one.pk]
            papers = Paper.objects.in_bulk([choice.paper_id for choice in choices])
            self.stdout.write(f"{one.address} {one.day} papers={len(choices)}")
            if not choices:
                self.stdout.write(f"    {assembly.reason_for_nothing(gathered[one.pk], now)}")
            for choice in choices:
                reasons = "; ".join(f"{kind} {label}".strip() for kind, label in choice.reasons)
                self.stdout.write(f"    {papers[choice.paper_id].title} ({reasons})")
