"""What is done for accounts without anybody asking."""

import time

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts import closing, fulfilment, orders

# A worker that is asked to stop waits no longer than this, and one mail.
FULFIL_SECONDS = 10.0


# The limit is below the lease, so that no other worker has its orders yet.
@shared_task(name=orders.TASK, soft_time_limit=60, time_limit=80)
def fulfil() -> None:
    """Does what was asked for at the doors: called by each order, and by beat for those that waited."""
    until = time.monotonic() + FULFIL_SECONDS
    fulfilment.fulfil_due(is_stopping=lambda: time.monotonic() > until)
    if time.monotonic() > until:
        fulfil.apply_async(expires=55)


@shared_task(name="accounts.tidy")
def tidy() -> None:
    """Forgets what was kept for a time only: unconfirmed addresses, and sessions that ran out or open nothing."""
    closing.drop_unconfirmed(timezone.now())
    closing.drop_orphaned_sessions()
    call_command("clearsessions")
