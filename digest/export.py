"""What the digest holds of a reader: handed to them, and ended when they close their account."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone

from accounts import closing, export
from accounts.models import User
from digest import registration
from digest.models import Subscription


def tables(reader: User) -> Iterator[export.Table]:
    """The subscription with the consent, its follows, deliveries with their papers, and what else hangs on either."""
    yield from export.belonging("digest", reader)
    subscription = Subscription.objects.filter(reader=reader).first()
    if subscription is not None:
        yield from export.belonging("digest", subscription)


def end(reader: User) -> None:
    """No slot is planned any more, and a worker that planned one just now is waited for."""
    subscription = Subscription.objects.select_for_update().filter(reader=reader).first()
    if subscription is not None:
        registration.end(subscription, now=timezone.now())


def contribute() -> None:
    export.contribute("digest", tables)
    closing.before_closing("digest", end)
    closing.spare("digest", Q(subscription__confirmed_at__isnull=False))
