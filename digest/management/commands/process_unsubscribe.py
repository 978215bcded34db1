"""Takes a mail to the unsubscribe address from a mail server's pipe."""

import re
import sys
from email import message_from_bytes, policy
from email.utils import getaddresses
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from digest.models import Delivery
from digest.planning import changes

_DETAIL = re.compile(r"[^+]+\+(?P<token>[^@]+)@.+")
# Where a mail server writes the address that was really used; a forwarder may have changed To.
_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")


class Command(BaseCommand):
    help = "Reads one mail from standard input and unsubscribes the reader whose token is in its address."

    def handle(self, **options: Any) -> None:
        mail = message_from_bytes(sys.stdin.buffer.read(), policy=policy.compat32)
        written_to = getaddresses([str(value) for name in _HEADERS for value in mail.get_all(name, [])])
        for _, address in written_to:
            match = _DETAIL.fullmatch(address)
            known = Delivery.objects.select_related("subscription")
            delivery = known.with_token(match["token"]) if match else None
            if delivery is not None:
                changes.end(delivery.subscription, now=timezone.now())
                self.stdout.write("unsubscribed=1")
                return
        raise CommandError("No address of this mail carries a token of ours; nothing was changed.")
