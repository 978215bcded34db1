"""How an account ends: at once, and with everything that hangs on it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User

Cleanup = Callable[[User], None]

# How long an address that nobody confirmed is kept, for one who finds the mail late.
UNCONFIRMED = timedelta(days=30)

_cleanups: dict[str, Cleanup] = {}
_kept: dict[str, Q] = {}


class LastCurator(Exception):
    """Nobody would be left to run the site."""


def before_closing(app_label: str, cleanup: Cleanup) -> None:
    """Registers what an app puts right before a person's rows go; called once, when the apps are ready."""
    _cleanups[app_label] = cleanup


def keep_unconfirmed(app_label: str, known: Q) -> None:
    """Registers users whom an app knows though they never confirmed, such as a reader that a curator made."""
    _kept[app_label] = known


def unconfirmed() -> QuerySet[User]:
    """Whoever typed an address, or had theirs typed by somebody, and never came in."""
    confirmed = EmailAddress.objects.filter(verified=True).values("user")
    found = User.objects.filter(last_login=None, is_staff=False, emailaddress__verified=False)
    for known in _kept.values():
        found = found.exclude(known)
    return found.exclude(pk__in=confirmed)


def drop_unconfirmed(now: datetime) -> int:
    """Forgets addresses that nobody confirmed in a month; how many."""
    dropped = unconfirmed().filter(joined_at__lt=now - UNCONFIRMED)
    _, counts = User.objects.filter(pk__in=list(dropped.values_list("pk", flat=True))).delete()
    return counts.get(User._meta.label, 0)


def drop_orphaned_sessions() -> None:
    """Forgets where closed accounts were still signed in: such a session opens nothing, but names its address."""
    found = Session.objects.order_by("pk").iterator(chunk_size=500)
    while batch := list(islice(found, 500)):
        owners = {session.pk: session.get_decoded().get(SESSION_KEY) for session in batch}
        known = {
            str(pk)
            for pk in User.objects.filter(pk__in=set(filter(None, owners.values()))).values_list("pk", flat=True)
        }
        gone = [key for key, owner in owners.items() if owner and owner not in known]
        Session.objects.filter(pk__in=gone).delete()


def is_last_curator(user: User) -> bool:
    curators = User.objects.filter(is_superuser=True, is_active=True, is_staff=True)
    if not settings.DEBUG:
        curators = curators.filter(is_demo=False)
    return user.is_superuser and not curators.exclude(pk=user.pk).exists()


def lock_curators() -> None:
    """Puts two who leave, or take each other's rights, at once one after the other; within a transaction."""
    list(User.objects.select_for_update().filter(is_superuser=True).values_list("pk"))


@transaction.atomic
def close(user: User) -> None:
    """Deletes the person and all their rows. A suppression stays: it is a hash that no row points at."""
    lock_curators()
    if is_last_curator(user):
        raise LastCurator
    for cleanup in _cleanups.values():
        cleanup(user)
    user.delete()
