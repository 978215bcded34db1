"""One request at a time, and a pause between two, over all processes and machines that share the database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from django.db.models import Q
from django.utils import timezone

from papersite.catalogue.models import Turn

_LOOK_AGAIN = 0.25


@contextmanager
def turn(service: str, *, pause: float, at_most: float) -> Iterator[None]:
    """Waits until nobody else asks the service and ``pause`` seconds passed since the last; then holds it.

    ``at_most`` seconds later the turn is free again, even if its holder was killed.
    """
    holder = uuid4().hex
    Turn.objects.bulk_create([Turn(service=service)], ignore_conflicts=True)
    while not _take(service, holder, at_most):
        time.sleep(min(_LOOK_AGAIN, max(pause, 0.01)))
    try:
        yield
    finally:
        free_at = timezone.now() + timedelta(seconds=pause)
        Turn.objects.filter(service=service, holder=holder).update(holder="", next_at=free_at)


def _take(service: str, holder: str, at_most: float) -> bool:
    now = timezone.now()
    free = Turn.objects.filter(Q(holder="") | Q(held_until__lt=now), service=service, next_at__lte=now)
    until = now + timedelta(seconds=at_most)
    return bool(free.update(holder=holder, held_until=until, next_at=now))
