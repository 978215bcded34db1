"""What Celery runs for the site itself."""

from datetime import UTC, datetime
from typing import Any

from celery import shared_task
from django.utils import timezone

from papersite.observability import heartbeats
from papersite.runtime import hooks


@shared_task(name="papersite.probe", bind=True)
def probe(self: Any, queue: str) -> None:
    """Goes from beat through the broker and a worker into the database, and so shows that all of them work."""
    now = timezone.now()
    ordered_at = hooks.header(self.request, "ordered_at")
    heartbeats.probed(queue, datetime.fromtimestamp(ordered_at, UTC) if ordered_at else now, now)
