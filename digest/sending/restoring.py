"""What is done after a backup of the database was restored: nobody is mailed twice, and no mail leaves for now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from digest import tokens
from digest.models import BatchCursor, Delivery, HighWaterMark, MailEvent, Subscription, Suppression
from digest.planning import closing_days
from digest.sending import claims, high_water, relay

SKIPPED = "The site was restored from a backup: whether this day had its mail is not known."
OPEN = "The site was restored from a backup while this was to be sent: whether it left is not known."
PAUSED = "The site was restored from a backup: "
UNKNOWN = "nothing is known from {since} to {now}. When nobody who left meanwhile would be mailed, let mail go again."
MOMENT = "%Y-%m-%d %H:%M"
LEFT = "Named after a restore as having left since the backup."


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done, and why mail is paused: it says from when to when, in UTC, nothing is known."""

    pause_reason: str
    readers: int
    open_count: int
    suppressed_count: int


def restored(now: datetime, left: Iterable[str] = ()) -> Restored:
    """Pauses all mail, settles what is open and every local day up to now. Once more changes nothing more.

    ``left`` are addresses that no mail may go to: of whoever closed their account, unsubscribed,
    bounced or complained since the backup.
    """
    if not (reason := _held_reason()):
        until = known_until()
        since = f"{until:{MOMENT}}" if until else "the beginning"
        reason = PAUSED + UNKNOWN.format(since=since, now=f"{now:{MOMENT}} UTC")
    relay.pause(reason)
    high_water.begin_anew()
    # The alarm of a restore that the site noticed by itself has done what it was for.
    relay.dismiss(high_water.OLDER)
    open_count = _close_open(now)
    readers = closing_days.close_days(SKIPPED, now)
    return Restored(reason, readers, open_count, _suppress(left, now))


def _held_reason() -> str:
    """Of the same restore, which was told of before: what was known then."""
    held = relay.relay()
    return held.pause_reason if held.is_paused and held.pause_reason.startswith(PAUSED) else ""


def known_until() -> datetime | None:
    """The last moment that this database has a trace of; later there may have been anything."""
    traces = (
        HighWaterMark.objects.aggregate(last=Max("marked_at")),
        Delivery.objects.exclude(reason__in=(SKIPPED, OPEN)).aggregate(last=Max("settled_at")),
        Subscription.objects.aggregate(last=Max("signed_up_at")),
        MailEvent.objects.aggregate(last=Max("received_at")),
        User.objects.aggregate(last=Max("last_login")),
    )
    return max((trace["last"] for trace in traces if trace["last"] is not None), default=None)


@transaction.atomic
def _close_open(now: datetime) -> int:
    """First what workers held when the backup was made comes back, and what they had sent is settled as sent."""
    over = now - timedelta(seconds=1)
    BatchCursor.objects.update(lease_until=over)
    Delivery.objects.filter(state__in=Delivery.OPEN, lease_until__isnull=False).update(lease_until=over)
    claims.sweep(now)
    waiting = Delivery.objects.filter(state=Delivery.State.DUE)
    return waiting.update(state=Delivery.State.SKIPPED, reason=OPEN, is_uncertain=True, not_before=None, settled_at=now)


def _suppress(left: Iterable[str], now: datetime) -> int:
    hashes = {tokens.address_hash(address) for address in left}
    held = set(Suppression.objects.filter(address_hash__in=hashes).values_list("address_hash", flat=True))
    new = [Suppression(address_hash=one, reason=LEFT, suppressed_at=now) for one in sorted(hashes - held)]
    Suppression.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
