"""What becomes of bounces and complaints: each is kept under an id of its own, then acted on once.

    an address that is gone, a complaint, an unsubscription at the provider → suppressed at once
    refused for now, on several days within a month                         → suppressed
    refused for what we are or send, not for whom it is sent to              → the operator is told, no reader pays
    the reader says that the address is good, or that they want mail again  → lifted

A suppression is known by the address's hash, and so outlives the account.
"""

import hashlib
import logging
import re
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction

from digest import tokens
from digest.bounces import reports
from digest.bounces.judging import Refusal, Stage, Verdict, judge
from digest.bounces.reports import Report
from digest.models import Delivery, MailEvent, Subscription, Suppression
from digest.planning import changes
from digest.types import Claim

logger = logging.getLogger(__name__)

Kind = MailEvent.Kind
SOFT_DAYS = 5
SOFT_WITHIN = timedelta(days=30)
# How soon a reader may have an address tried again that bounced.
LIFT_AGAIN_AFTER = timedelta(days=7)
WANTED_AGAIN = "I want the digest again, although a mail of it was refused in my name."
REASONS = {
    Kind.HARD: "The address does not exist any more.",
    Kind.SOFT: f"Mail was refused on {SOFT_DAYS} days within {SOFT_WITHIN.days}.",
    Kind.COMPLAINT: "A mail was called spam.",
    Kind.UNSUBSCRIBED: "Unsubscribed at the mail provider.",
}
BOUNCED = (Kind.HARD, Kind.SOFT)
UNWANTED = (Kind.COMPLAINT, Kind.UNSUBSCRIBED)
_ADDRESS = re.compile(r"<?[^\s<>@]{1,80}@[^\s<>@]{1,255}>?")
_MILDEST_FIRST = (Kind.OURS, Kind.SOFT, Kind.COMPLAINT, Kind.HARD)


def keep(
    event_id: str,
    source: str,
    kind: str,
    address: str,
    now: datetime,
    *,
    delivery_id: int | None = None,
    said: str = "",
) -> bool:
    """Notes an event; whether it is new. The same one again, a thousand times, changes nothing."""
    return keep_hashed(event_id, source, kind, tokens.address_hash(address), now, delivery_id=delivery_id, said=said)


def keep_hashed(
    event_id: str,
    source: str,
    kind: str,
    address_hash: str,
    now: datetime,
    *,
    delivery_id: int | None = None,
    said: str = "",
) -> bool:
    """The same of an address of which no more is known than its hash."""
    known = Delivery.objects.filter(pk=delivery_id).exists() if delivery_id is not None else False
    event = MailEvent(
        event_id=_printable(event_id)[:200],
        source=source[:40],
        kind=kind,
        address_hash=address_hash,
        delivery_id=delivery_id if known else None,
        said=_ADDRESS.sub("…", _printable(said[:2000]))[:300],
        received_at=now,
    )
    held = MailEvent.objects.filter(event_id=event.event_id).exists()
    MailEvent.objects.bulk_create([event], ignore_conflicts=True)
    return not held


def _printable(text: str) -> str:
    return "".join(one for one in text if one.isprintable())


def apply_new(now: datetime) -> int:
    """Acts on what was kept and not acted on yet; how many."""
    waiting = MailEvent.objects.filter(applied_at=None).order_by("received_at", "pk")
    return sum(_apply(event, now) for event in waiting[:1000])


@transaction.atomic
def _apply(event: MailEvent, now: datetime) -> bool:
    if not MailEvent.objects.filter(pk=event.pk, applied_at=None).update(applied_at=now):
        return False
    if event.kind == Kind.OURS:
        logger.error("bounce.ours event=%s source=%s said=%r", event.pk, event.source, event.said)
    elif event.kind != Kind.SOFT or _is_worn_out(event):
        _suppress(event, now)
    logger.info("bounce.applied event=%s kind=%s source=%s", event.pk, event.kind, event.source)
    return True


def _is_worn_out(event: MailEvent) -> bool:
    """Whether an address refused so often that asking again is a nuisance."""
    since = event.received_at - SOFT_WITHIN
    if lifted_at := last_lifted(event.address_hash):
        since = max(since, lifted_at)
    recent = MailEvent.objects.filter(address_hash=event.address_hash, kind=Kind.SOFT, received_at__gte=since)
    return len({moment.date() for moment in recent.values_list("received_at", flat=True)}) >= SOFT_DAYS


def _suppress(event: MailEvent, now: datetime) -> None:
    kind = Kind(event.kind)
    Suppression.objects.get_or_create(
        address_hash=event.address_hash,
        defaults={
            "reason": REASONS[kind],
            "evidence": f"event {event.pk}, {event.source}, {event.received_at:%Y-%m-%d %H:%M} UTC: {event.said}"[:500],
            "suppressed_at": now,
        },
    )
    if kind in UNWANTED and event.delivery is not None:
        subscription = event.delivery.subscription
        if tokens.address_hash(subscription.reader.email) == event.address_hash:
            changes.end(subscription, now=now)


def has_complained(address: str) -> bool:
    """Whether mail to an address ended with a complaint: nobody but its reader may ask us to write there."""
    held = Suppression.objects.filter(address_hash=tokens.address_hash(address), reason=REASONS[Kind.COMPLAINT])
    return held.exists()


def kind_of(suppression: Suppression) -> Kind | None:
    """What it came from; None where a curator made it, which only a curator undoes."""
    return next((kind for kind, reason in REASONS.items() if reason == suppression.reason), None)


def last_lifted(address_hash: str) -> datetime | None:
    lifted = MailEvent.objects.filter(address_hash=address_hash, kind=Kind.LIFTED)
    return lifted.order_by("-received_at").values_list("received_at", flat=True).first()


@transaction.atomic
def lift(subscription: Subscription, *, now: datetime, words: str = "") -> bool:
    """Lets mail go to a reader's address again; whether it may.

    A bounce is forgiven once in some days. A complaint takes the reader's own ``words``, which are kept
    as their consent. What was lifted stays as an event.
    """
    address_hash = tokens.address_hash(subscription.reader.email)
    held = Suppression.objects.select_for_update().filter(address_hash=address_hash).first()
    if held is None:
        return True
    kind = kind_of(held)
    lifted_at = last_lifted(address_hash)
    is_free = lifted_at is None or lifted_at <= now - LIFT_AGAIN_AFTER
    if not ((kind in BOUNCED and is_free) or (kind in UNWANTED and words)):
        return False
    said = f"{words} Stopped on {held.suppressed_at:%Y-%m-%d}: {held.reason}".strip()
    MailEvent.objects.create(
        event_id=f"lifted:{held.pk}", source="reader", kind=Kind.LIFTED, address_hash=address_hash, said=said[:300],
        received_at=now, applied_at=now,
    )  # fmt: skip
    held.delete()
    if words:
        changes.resume(subscription, now=now, consent=words, signed_up_at=now)
    return True


def refused(claim: Claim, answer: str, now: datetime, stage: Stage = Stage.RECIPIENT) -> Verdict:
    """Keeps what a mail server said for good to our own session, and acts on it; what it came to."""
    verdict = understood(claim.address, answer, stage)
    event_id = f"smtp:{_name(claim.token)}:{verdict}"
    keep(event_id, "smtp", verdict, claim.address, now, delivery_id=claim.pk, said=answer)
    apply_new(now)
    return verdict


def understood(address: str, answer: str, stage: Stage = Stage.UNKNOWN) -> Verdict:
    """What a server's or provider's answer about one address comes to."""
    return judge(Refusal(answer, stage=stage, recipient=address, own_domains=own_domains()))


def own_domains() -> tuple[str, ...]:
    """The domains that this site writes from."""
    addresses = (parseaddr(settings.MAIL_FROM)[1], settings.MAIL_BOUNCES, f"@{settings.MAIL_DOMAIN}")
    return tuple(dict.fromkeys(domain for one in addresses if "." in (domain := one.rpartition("@")[2].lower())))


def delivery_of(token: str) -> Delivery | None:
    """The delivery whose mail carried the token."""
    return Delivery.objects.select_related("subscription__reader").with_token(token)


def take_report(raw: bytes, token: str, now: datetime) -> list[str]:
    """Keeps and applies what a mailed report says of the delivery whose token it came with; the kinds.

    Whoever got the mail has its token and can write any report to it. So the report says what happened and
    never to whom: that is the address which this mail went to. Each kind counts once a delivery.
    """
    delivery = delivery_of(token)
    if delivery is None or not delivery.mailed_to:
        return []
    told = _of_this_mail(reports.read(raw, own_domains()), delivery.mailed_to)
    for report in told:
        event_id = f"report:{_name(token)}:{report.kind}"
        said = f"{report.status} {report.said}"
        keep_hashed(event_id, "report", report.kind, delivery.mailed_to, now, delivery_id=delivery.pk, said=said)
    apply_new(now)
    return [report.kind for report in told]


def _of_this_mail(found: list[Report], mailed_to: str) -> list[Report]:
    """What a report says of the one address that was mailed.

    Of several addresses, such as those that an alias stands for, none may be the reader's: then the mildest
    news is believed. One dead member does not end a list.
    """
    mine = [report for report in found if tokens.address_hash(report.recipient) == mailed_to] or found
    return sorted(mine, key=lambda report: _MILDEST_FIRST.index(report.kind))[:1]


def _name(token: str) -> str:
    """What an event is called by: the token itself opens a reader's pages."""
    return hashlib.sha256(token.encode()).hexdigest()[:32]


def is_reader(address: str) -> bool:
    return Subscription.objects.filter(reader__email=address.strip().lower()).exists()
