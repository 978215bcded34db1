"""Takes a report that came back to the bounce address from a mail server's pipe."""

import re
import sys
from email import message_from_bytes, policy
from email.utils import getaddresses
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from digest.bounces import handling, reports
from digest.models import Delivery

# So many names in one mail are looked up: a digest has one, however often it is in there.
AT_MOST = 20
_DETAIL = re.compile(r"[^+]+\+(?P<token>[^@]+)@.+")
_LINK = re.compile(r"/d/([\w.-]+)/")
# Where a mail server writes the address that was really used.
_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")


class Command(BaseCommand):
    help = "Reads one mail from standard input: a failure report or complaint leads to its reader's suppression."

    def handle(self, **options: Any) -> None:
        raw = sys.stdin.buffer.read(reports.LIMIT)
        named = islice(dict.fromkeys(self._tokens(raw)), AT_MOST)
        token = next((one for one in named if Delivery.objects.with_token(one) is not None), "")
        kinds = handling.take_report(raw, token, timezone.now()) if token else []
        # Never an error: a mail server would send that back to whoever reported.
        self.stdout.write(f"recognised={','.join(kinds) or 'nothing'}")

    @staticmethod
    def _tokens(raw: bytes) -> list[str]:
        """In the address it came to, or in the links of the mail that it returns."""
        mail = message_from_bytes(raw, policy=policy.compat32)
        written_to = getaddresses([str(value) for name in _HEADERS for value in mail.get_all(name, [])])
        found = [match["token"] for _, address in written_to if (match := _DETAIL.fullmatch(address))]
        return found + _LINK.findall(reports.returned_headers(raw))
