"""All that the site knows of one reader's mail, for whoever has to find out why none came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db.models import QuerySet

from accounts.models import User
from digest import tokens
from digest.choosing import on_demand
from digest.choosing.on_demand import Answer, Asked
from digest.editions import states
from digest.ledger import history
from digest.ledger.history import Line
from digest.models import Delivery, Follow, MailEvent, Relay, Subscription, Suppression
from digest.planning import eligibility
from digest.planning.scheduling import local_day
from digest.readers import mail_status

DELIVERIES = 30
EVENTS = 50


@dataclass(frozen=True, slots=True)
class Address:
    """What is known of an address, whether somebody reads here with it or not."""

    address_hash: str
    suppression: Suppression | None
    events: Sequence[MailEvent]


@dataclass(frozen=True, slots=True)
class Told:
    """One delivery, with what it held."""

    delivery: Delivery
    lines: Sequence[Line]
    went_elsewhere: bool
    """To an address that the reader had before."""


@dataclass(frozen=True, slots=True)
class Story:
    address: Address
    addresses: Sequence[EmailAddress]
    sites: Sequence[str]
    """Where else they sign in."""
    follows: Sequence[Follow]
    in_the_way: Sequence[str]
    """Why a mail of today would not leave; empty where it would."""
    mails: Sequence[datetime]
    """The next slots, on the reader's own clock, without a zone."""
    deliveries: Sequence[Told]
    older: int | None
    """The delivery after which the next page goes on."""


def of_address(typed: str, *, deliveries: QuerySet[Delivery] | None = None) -> Address:
    """By the hash of an address as accounts have it, and by mails that went to a reader, newest events first."""
    address_hash = tokens.address_hash(typed)
    # Each by its own index: one condition of both would read every event there is.
    found = {one.pk: one for one in MailEvent.objects.filter(address_hash=address_hash)[:EVENTS]}
    if deliveries is not None:
        found |= {one.pk: one for one in MailEvent.objects.filter(delivery__in=deliveries)[:EVENTS]}
    events = sorted(found.values(), key=lambda one: (one.received_at, one.pk), reverse=True)
    return Address(address_hash, Suppression.objects.filter(address_hash=address_hash).first(), events[:EVENTS])


def of(subscription: Subscription, *, now: datetime, before: int | None = None) -> Story:
    """The deliveries are those opened before one, newest first, at most ``DELIVERIES``."""
    reader = subscription.reader
    held = subscription.deliveries.order_by("-pk")
    if before is not None:
        held = held.filter(pk__lt=before)
    page = list(held[: DELIVERIES + 1])
    shown = page[:DELIVERIES]
    address = of_address(reader.email, deliveries=subscription.deliveries.all())
    return Story(
        address=address,
        addresses=list(EmailAddress.objects.filter(user=reader).order_by("-primary", "pk")),
        sites=list(SocialAccount.objects.filter(user=reader).values_list("provider", flat=True)),
        follows=list(subscription.follows.select_related("topic", "author")),
        in_the_way=_in_the_way(subscription, now),
        mails=mail_status.mails_ahead(subscription),
        deliveries=[
            Told(one, lines, bool(one.mailed_to) and one.mailed_to != address.address_hash)
            for one, lines in history.lines_of_each(shown)
        ],
        older=shown[-1].pk if len(page) > DELIVERIES else None,
    )


def _in_the_way(subscription: Subscription, now: datetime) -> list[str]:
    today = local_day(now, subscription.time_zone)
    found = [eligibility.why_ineligible(subscription, today)]
    relay = Relay.objects.filter(pk=1).first() or Relay()
    if relay.alarm:
        found.append(f"All mail is stopped by an alarm: {relay.alarm}")
    if relay.is_paused:
        found.append(f"All mail is paused. {relay.pause_reason}".strip())
    if relay.down_until is not None and relay.down_until > now:
        found.append(f"The mail server cannot be used: {relay.down_reason}")
    if states.is_waiting(today, now):
        found.append("Today’s edition waits for its curators.")
    if not any(one.mutes is False for one in subscription.follows.all()):
        found.append("They follow nothing.")
    return [one for one in found if one]


def find(typed: str) -> Subscription | None:
    """Whose address it is, as accounts have it."""
    found = Subscription.objects.select_related("reader").filter(reader__email=typed).first()
    if found is not None:
        return found
    owner = User.objects.filter(emailaddress__email=typed).first()
    return Subscription.objects.select_related("reader").filter(reader=owner).first() if owner else None


def send_again(subscription: Subscription, *, now: datetime) -> str:
    """Orders one more mail for a reader who got none, whatever the hour; why none comes, or nothing where it does.

    What a mail held that left is not repeated: the ledger keeps each paper to one mail.
    """
    asked: Asked = on_demand.ask(subscription, now=now, is_limited=False)
    match asked.answer:
        case Answer.COMING:
            return ""
        case Answer.NOTHING:
            return "There is nothing new for them: what an earlier mail held does not come again."
        case _:
            return asked.reason
