"""Mails on changes to an account, and the switch that ends them."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from papersite import mail

FOLDER = "account_changed"
SWITCHED_OFF = "security_mail_off"


@transaction.atomic
def switch(user: User, *, wanted: bool, now: datetime) -> None:
    """Turns them on or off. The last one says that they end, to whoever reads the mailbox; where it
    cannot leave, they go on."""
    changed = User.objects.filter(pk=user.pk, wants_security_mail=not wanted).update(wants_security_mail=wanted)
    user.wants_security_mail = wanted
    if changed and not wanted:
        mail.build(FOLDER, to=user.email, context={"event": SWITCHED_OFF, "timestamp": now}).send()
