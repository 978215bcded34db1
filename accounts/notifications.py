"""Mails on changes to an account, and the switch that ends them."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from papersite.mailing import mail

FOLDER = "account_changed"
SWITCHED_OFF = "security_mail_off"
ADDRESS_ASKED = "address_asked"
PASSWORD_BY_STAFF = "password_by_staff"  # noqa: S105  an event
PASSWORD_REMOVED = "password_removed"  # noqa: S105  an event


def tell(user: User, event: str, *, now: datetime, **context: str) -> None:
    """Says what staff did, also to those who want no such mails: they did not do it themselves."""
    mail.build(FOLDER, to=user.email, context={**context, "event": event, "timestamp": now}).send()


@transaction.atomic
def switch(user: User, *, wanted: bool, now: datetime) -> None:
    """Turns them on or off. The last one says that they end, to whoever reads the mailbox; where it
    cannot leave, they go on."""
    changed = User.objects.filter(pk=user.pk, wants_security_mail=not wanted).update(wants_security_mail=wanted)
    user.wants_security_mail = wanted
    if changed and not wanted:
        tell(user, SWITCHED_OFF, now=now)
