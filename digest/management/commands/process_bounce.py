"""Takes a report that came back to the bounce address from a mail server's pipe."""

import re
from typing import Any

from django.utils import timezone

from digest.bounces import handling, mime, reports
from digest.management.pipe import MailCommand, tokens_of

_LINK = re.compile(r"/d/([\w.-]{1,200})/")


class Command(MailCommand):
    help = "Reads one mail from standard input: a failure report or complaint leads to its reader's suppression."
    nothing = "recognised=nothing"

    def take(self, raw: bytes, **options: Any) -> str:
        """The token is in the address that the mail came to, or in the links of the mail that it returns."""
        for token in tokens_of(mime.parse(raw)) + _LINK.findall(reports.returned_headers(raw))[:20]:
            if handling.delivery_of(token) is not None:
                kinds = handling.take_report(raw, token, timezone.now())
                return f"recognised={','.join(kinds) or 'nothing'}"
        return self.nothing
