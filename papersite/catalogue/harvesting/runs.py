"""A live run of a source: one at a time, from where the last one stopped, each a row a curator can read."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from papersite.catalogue import ingest
from papersite.catalogue.models import Harvest
from papersite.catalogue.sources.http import SourceClient
from papersite.catalogue.sources.records import Rejected, SourceError, SourcePaper

logger = logging.getLogger(__name__)

LOST = "The run vanished before its end; the next one goes on from its cursor."
STOPPED = "Staff stopped the run; the next one goes on from its cursor."
MAX_NOTES = 20_000


class AlreadyRunning(Exception):
    """Another run of the source is under way."""


class Overtaken(Exception):
    """This run was silent for so long that it counts as killed; another one may have gone on."""


class Run:
    """The row of a live run, its report, and the clients that ask on its behalf."""

    def __init__(self, harvest: Harvest, report: ingest.Report, now: datetime) -> None:
        self.harvest = harvest
        self.report = report
        self.now = now

    @property
    def cursor(self) -> dict[str, Any]:
        """How far the source was read, in the source's own terms."""
        try:
            found = json.loads(self.harvest.cursor or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def move(self, cursor: dict[str, Any]) -> None:
        """Keeps how far the run came: what was taken in before this is not read again."""
        self.stay_alive()
        self.harvest.cursor = json.dumps(cursor, sort_keys=True)
        self.report.save()

    def amend(self, cursor: dict[str, Any]) -> None:
        """Changes the cursor of a run that has ended."""
        self.harvest.cursor = json.dumps(cursor, sort_keys=True)
        self.harvest.save(update_fields=["cursor"])

    def take_in(self, records: Iterable[SourcePaper | Rejected]) -> None:
        ingest.take_in(records, self.report, lambda _number: self.now)

    def note(self, fault: str) -> None:
        """Keeps a fault that was waited out, where a curator can read it."""
        logger.warning("harvest.fault source=%s fault=%s", self.harvest.source, fault)
        line = f"{timezone.now():%Y-%m-%d %H:%M:%S} {fault}\n"
        self.harvest.notes = (self.harvest.notes + line)[-MAX_NOTES:]

    def client(
        self,
        base_url: str,
        *,
        accept: str,
        slot: Callable[[], AbstractContextManager[None]] = nullcontext,
        **options: Any,
    ) -> SourceClient:
        """A client whose faults this run notes, and whose every request shows that the run lives."""

        @contextmanager
        def living_slot() -> Iterator[None]:
            self.stay_alive()
            with slot():
                yield

        return SourceClient(base_url, accept=accept, slot=living_slot, on_fault=self.note, **options)

    def stay_alive(self) -> None:
        until = timezone.now() + settings.HARVEST_LEASE
        mine = Harvest.objects.filter(pk=self.harvest.pk, finished_at__isnull=True)
        if not mine.update(alive_until=until):
            raise Overtaken(f"The run of {self.harvest.source} was silent too long and counts as killed.")
        self.harvest.alive_until = until


@contextmanager
def running(source: str, origin: str, now: datetime) -> Iterator[Run]:
    """A run of a source, which ends with the block. Raises AlreadyRunning."""
    harvest = _begin(source, origin, now)
    with ingest.recording(harvest) as report:
        yield Run(harvest, report, now)
    logger.info("harvest.done source=%s %s", source, report)


def stop(harvest: Harvest, now: datetime) -> bool:
    """Ends a live run before its next request; False where it has ended. The next one goes on from its cursor."""
    live = Harvest.objects.filter(pk=harvest.pk, is_live=True, finished_at__isnull=True)
    return bool(live.update(finished_at=now, error=STOPPED))


def each(run: Run, parts: Iterable[Any], work: Callable[[Any], None]) -> None:
    """Does all parts of a run, and raises the errors of those that failed together at its end."""
    errors = []
    for part in parts:
        try:
            work(part)
        except SourceError as error:
            run.note(str(error))
            errors.append(str(error))
    if errors:
        raise SourceError("; ".join(errors))


def _begin(source: str, origin: str, now: datetime) -> Harvest:
    """The row of a new run, with the cursor of the last; the database lets only one be live."""
    live = Harvest.objects.filter(source=source, is_live=True)
    moment = timezone.now()
    # Whoever lives said so less than a lease ago: a later moment is of a clock that was set back since.
    # Twice as long, since the clocks of two machines differ.
    is_lost = Q(alive_until__lt=moment) | Q(alive_until__gt=moment + 2 * settings.HARVEST_LEASE)
    live.filter(is_lost, finished_at__isnull=True).update(finished_at=moment, error=LOST)
    cursor = live.exclude(cursor="").order_by("-pk").values_list("cursor", flat=True).first() or ""
    alive_until = moment + settings.HARVEST_LEASE
    try:
        with transaction.atomic():
            return Harvest.objects.create(
                source=source, origin=origin, started_at=now, is_live=True, cursor=cursor, alive_until=alive_until
            )
    except IntegrityError as error:
        raise AlreadyRunning(f"A run of {source} is under way.") from error
