"""Commands that a mail server hands one mail each, on standard input.

They never end with an error, which a mail server would send to whoever wrote or try again and again. What was
done, or why nothing was, is said on standard output and logged.
"""

import logging
import re
import sys
from abc import ABC, abstractmethod
from contextlib import suppress
from email.utils import getaddresses
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError

from digest.bounces import mime

logger = logging.getLogger(__name__)

KEPT = 10_000

_DETAIL = re.compile(r"[^+]{1,100}\+(?P<token>[^@]{1,200})@.{1,255}")
# Where a mail server writes the address that was really used; a forwarder may have changed To.
_HEADERS = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")


class MailCommand(BaseCommand, ABC):
    """One mail, one line of what came of it."""

    nothing = ""

    @abstractmethod
    def take(self, raw: bytes, **options: Any) -> str:
        """Acts on a mail; what was done, in one line."""

    def handle(self, **options: Any) -> None:
        raw = sys.stdin.buffer.read(mime.BYTES)
        while sys.stdin.buffer.read(1_000_000):
            # A mail server takes a pipe that closes early for a failure.
            pass
        try:
            said = self.take(raw, **options)
            self._take_kept()
        except (OperationalError, InterfaceError):
            said = f"{self.nothing} The database is away; the mail is kept for the next run: {self._keep(raw)}"
        except Exception as error:
            logger.exception("mail.not_taken command=%s", type(self).__module__.rpartition(".")[2])
            said = f"{self.nothing} ({type(error).__name__})"
        self.stdout.write(said)

    def _keep(self, raw: bytes) -> str:
        folder = self._folder()
        folder.mkdir(parents=True, exist_ok=True)
        if sum(1 for _ in folder.iterdir()) >= KEPT:
            return "no, too many are kept already"
        name = f"{uuid4().hex}.eml"
        (folder / name).write_bytes(raw)
        return name

    def _take_kept(self) -> None:
        """What came while the database was away, some at a time."""
        folder = self._folder()
        for path in sorted(folder.glob("*.eml"))[:20] if folder.is_dir() else []:
            with suppress(FileNotFoundError):
                # Whoever renames it has it; another run may be at it as well.
                taken = path.rename(path.with_suffix(".taken"))
                try:
                    self.take(taken.read_bytes())
                except (OperationalError, InterfaceError):
                    taken.rename(path)
                    raise
                taken.unlink()

    def _folder(self) -> Path:
        return Path(settings.DATA_DIR) / "unread-mail" / type(self).__module__.rpartition(".")[2]


def tokens_of(mail: mime.Part) -> list[str]:
    """What stands after the + in the addresses that a mail came to."""
    written_to = getaddresses([value for name in _HEADERS for value in mail.values(name)[:20]])
    return [match["token"] for _, address in written_to if (match := _DETAIL.fullmatch(address))]
