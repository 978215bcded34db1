"""What is done for accounts without anybody asking."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts import closing


@shared_task(name="accounts.tidy")
def tidy() -> None:
    """Forgets what was kept for a time only: unconfirmed addresses, and sessions that ran out or open nothing."""
    closing.drop_unconfirmed(timezone.now())
    closing.drop_orphaned_sessions()
    call_command("clearsessions")
