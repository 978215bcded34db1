"""One request at a time, and a pause between two, over all processes and machines that share the database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from papersite.catalogue.models import RequestSlot
from papersite.catalogue.sources.records import SourceError

_LOOK_AGAIN = 0.25


@contextmanager
def throttle(service: str, *, pause: float, at_most: float, patience: float) -> Iterator[None]:
    """Holds the service's one slot for the block, once nobody else does and ``pause`` seconds passed since the last.

    ``at_most`` seconds later the slot is free again, even if its holder was killed. All three are in
    seconds. Raises SourceError where the slot did not come free within ``patience``.
    """
    holder = uuid4().hex
    RequestSlot.objects.bulk_create([RequestSlot(service=service)], ignore_conflicts=True)
    _wait(service, holder, pause=pause, at_most=at_most, patience=patience)
    try:
        yield
    finally:
        free_at = timezone.now() + timedelta(seconds=pause)
        RequestSlot.objects.filter(service=service, holder=holder).update(holder="", next_at=free_at)


def _wait(service: str, holder: str, *, pause: float, at_most: float, patience: float) -> None:
    """Looks at the slot until it is taken.

    The moments in its row are another machine's, or this one's before its clock was set back: a row
    that stays the same is believed no longer than whoever wrote it could mean, by a clock of our own.
    """
    began = since = time.monotonic()
    seen = None
    while True:
        slot = RequestSlot.objects.get(service=service)
        moment = time.monotonic()
        if (state := (slot.holder, slot.held_until, slot.next_at)) != seen:
            seen, since = state, moment
        now = timezone.now()
        free_at, longest = (slot.held_until, at_most) if slot.holder else (slot.next_at, pause)
        if (free_at <= now or moment - since >= longest) and _take(slot, holder, now, at_most):
            return
        if moment - began >= patience:
            raise SourceError(f"{service}: others kept asking, or held its slot, for {patience:g} s; try again later")
        time.sleep(min(_LOOK_AGAIN, max(pause, 0.01)))


def _take(seen: RequestSlot, holder: str, now: datetime, at_most: float) -> bool:
    """Whether nobody was faster."""
    same = RequestSlot.objects.filter(pk=seen.pk, holder=seen.holder, held_until=seen.held_until, next_at=seen.next_at)
    return bool(same.update(holder=holder, held_until=now + timedelta(seconds=at_most), next_at=now))
