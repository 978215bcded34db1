"""The way mail leaves by: paused by a person, stopped by an alarm, or resting after the server refused us."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from digest.models import Delivery, Handover, MailEvent, Relay

logger = logging.getLogger(__name__)

FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=30)
REFUSALS_WITHIN = timedelta(hours=1)
FEW_REFUSALS = 20
REFUSED_SHARE = 0.05


def relay() -> Relay:
    return Relay.objects.get_or_create(pk=1)[0]


def is_open(now: datetime) -> bool:
    """Whether any mail may leave."""
    closed = Q(is_paused=True) | ~Q(alarm="") | Q(down_until__gt=now)
    return not Relay.objects.filter(closed).exists()


def pause(reason: str) -> None:
    """Stops all digests until somebody unticks it in admin."""
    relay()
    Relay.objects.update(is_paused=True, pause_reason=reason[:300])
    logger.warning("relay.paused reason=%r", reason)


def alarm(reason: str, now: datetime) -> None:
    """Stops all digests until a person has looked."""
    relay()
    if Relay.objects.filter(alarm="").update(alarm=reason[:300], alarmed_at=now):
        logger.critical("relay.alarm reason=%r", reason)


def dismiss(reason: str) -> None:
    """Ends the alarm, if it is this one."""
    Relay.objects.filter(alarm=reason).update(alarm="", alarmed_at=None)


@transaction.atomic
def rest(reason: str, now: datetime) -> datetime:
    """Lets the relay rest after it could not be used, longer each time in a row; until when."""
    relay()
    held = Relay.objects.select_for_update().get(pk=1)
    if held.down_until is not None and held.down_until > now:
        # Another worker found out at the same moment: that is one strike, not two.
        return held.down_until
    held.strikes = min(held.strikes + 1, 20)
    held.down_until = now + min(FIRST_REST * 2 ** (held.strikes - 1), LONGEST_REST)
    held.down_reason = reason[:300]
    held.save(update_fields=["strikes", "down_until", "down_reason"])
    logger.error("relay.down strikes=%s until=%s reason=%r", held.strikes, held.down_until.isoformat(), reason)
    return held.down_until


def shorten_rest(now: datetime) -> None:
    """No rest is longer than the longest, wherever the clock went since it began."""
    Relay.objects.filter(down_until__gt=now + LONGEST_REST).update(down_until=now + LONGEST_REST)


def recovered() -> None:
    """A mail was accepted: what went wrong before is over."""
    Relay.objects.filter(strikes__gt=0).update(strikes=0, down_until=None, down_reason="")


def check_refusals(now: datetime) -> None:
    """Rests the relay when servers say of many readers' mails that they refuse this site.

    A report may be forged by whoever was mailed, once a mail, so this neither stops for good nor for a few.
    """
    since = now - REFUSALS_WITHIN
    last = Relay.objects.filter(pk=1).values_list("down_until", flat=True).first()
    if last is not None:
        since = max(since, last)
    told = MailEvent.objects.filter(kind=MailEvent.Kind.OURS, received_at__gte=since, delivery__isnull=False)
    refused = told.values("delivery__subscription").distinct().count()
    mails = sum(Handover.objects.filter(day__gte=since.date()).values_list("mail_count", flat=True))
    if refused >= max(FEW_REFUSALS, mails * REFUSED_SHARE):
        rest(f"{refused} mails came back in an hour because servers refuse this site: see mail events.", now)


def count(mails: int, now: datetime) -> None:
    """Notes mails that were handed over, as the one who handed them over counted them."""
    if mails:
        day, _ = Handover.objects.get_or_create(day=now.date())
        Handover.objects.filter(pk=day.pk).update(mail_count=F("mail_count") + mails)


def forget(deliveries: QuerySet[Delivery], now: datetime) -> None:
    """Takes a closing reader's mails out of the count, as their deliveries go too."""
    since = _counted_since(now)
    gone = sum(deliveries.filter(settled_at__gte=since).values_list("accepted_count", flat=True))
    # What is claimed may have left a moment ago, and be counted in another.
    gone += deliveries.filter(state=Delivery.State.CLAIMED).count()
    for day in Handover.objects.select_for_update().filter(day__gte=since.date()).order_by("-day"):
        taken = min(gone, day.mail_count)
        Handover.objects.filter(pk=day.pk).update(mail_count=F("mail_count") - taken)
        gone -= taken


def _counted_since(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)


def check_counts(now: datetime) -> None:
    """Sounds the alarm when more mails left than there were deliveries to send.

    A mail whose worker vanished is counted or not, and sent again: each of these may add one.
    """
    since = _counted_since(now)
    mails = sum(Handover.objects.filter(day__gte=since.date()).values_list("mail_count", flat=True))
    if not mails:
        return
    # A delivery is tried on its day only; the index knows the days.
    lately = Delivery.objects.filter(day__gte=(since - timedelta(days=2)).date())
    touched = lately.filter(Q(settled_at__gte=since) | Q(state__in=Delivery.OPEN))
    planned = touched.count() + touched.filter(is_uncertain=True).count()
    if mails > planned:
        alarm(f"{mails} mails left since {since:%d %B}, for {planned} deliveries.", now)
