"""Takes a mail to the unsubscribe address from a mail server's pipe."""

from typing import Any

from django.utils import timezone

from digest.bounces import handling, mime
from digest.management.pipe import MailCommand, tokens_of
from digest.planning import changes


class Command(MailCommand):
    help = "Reads one mail from standard input and unsubscribes the reader whose token is in its address."
    nothing = "unsubscribed=0 No address of this mail carries a token of ours; nothing was changed."

    def take(self, raw: bytes, **options: Any) -> str:
        for token in tokens_of(mime.parse(raw)):
            if (delivery := handling.delivery_of(token)) is not None:
                changes.end(delivery.subscription, now=timezone.now())
                return "unsubscribed=1"
        return self.nothing
