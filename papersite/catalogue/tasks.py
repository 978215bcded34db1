"""What Celery runs for the catalogue."""

import logging

from celery import shared_task
from django.utils import timezone

from papersite.catalogue import harvesting
from papersite.catalogue.records import SourceError

logger = logging.getLogger(__name__)


@shared_task(name="catalogue.harvest")
def harvest(source: str) -> None:
    """One live run of a source. What went wrong stands in its row; the next run goes on."""
    try:
        harvesting.SOURCES[source](timezone.now())
    except (SourceError, harvesting.AlreadyRunning) as error:
        logger.warning("harvest.ended source=%s reason=%s", source, error)
