"""What the digest holds of a reader: handed to them, and ended when they close their account."""

from collections.abc import Iterator
from itertools import batched

from django.db.models import Q
from django.utils import timezone

from accounts import closing, export
from accounts.models import User
from digest.ledger import history, remainders
from digest.models import Subscription
from digest.planning import changes
from digest.sending import relay
from papersite import links


def tables(reader: User) -> Iterator[export.Table]:
    """The subscription with the consent, its follows, deliveries with their papers, and what else hangs on either."""
    yield from export.belonging("digest", reader)
    subscription = Subscription.objects.filter(reader=reader).first()
    if subscription is None:
        return
    for name, rows in export.belonging("digest", subscription):
        # Months are packed items, and come as such.
        if name != "ledger_months":
            yield name, _items(subscription) if name == "delivery_items" else rows


def _items(subscription: Subscription) -> Iterator[export.Row]:
    """Every paper ever sent, oldest first, whether it still has a row of its own or not."""
    entries = sorted(
        history.of_reader(subscription.pk), key=lambda entry: (entry.day, entry.delivery_id, entry.position)
    )
    for some in batched(entries, 500, strict=False):
        for entry, paper, mail_url in history.lines_of(some):
            yield {
                "delivery": f"{subscription.reader}, {entry.day:%Y-%m-%d}",
                "delivery_url": links.absolute(mail_url) if mail_url else "",
                "paper": "" if paper is None else paper.title,
                "paper_url": "" if paper is None else links.absolute(paper.get_absolute_url()),
                "position": entry.position,
                "reasons": entry.reasons,
                "did_not_fit": [one._asdict() for one in remainders.loads(entry.remainders)],
            }


def end(reader: User) -> None:
    """No slot is planned any more, and a worker that planned one just now is waited for."""
    now = timezone.now()
    subscription = Subscription.objects.select_for_update().filter(reader=reader).first()
    if subscription is not None:
        changes.end(subscription, now=now)
        relay.forget(subscription.deliveries.all(), now)


def contribute() -> None:
    export.contribute("digest", tables)
    closing.before_closing("digest", end)
    closing.keep_unconfirmed("digest", Q(subscription__confirmed_at__isnull=False))
