"""Mail without a mail server: each message becomes one ``.eml`` file in a folder."""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from pathlib import Path
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes ``<moment>-<digest of the Message-ID>.eml``, whole or not at all."""

    def __init__(self, *args: Any, folder: Path | str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(folder)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        sent = 0
        for message in email_messages:
            if message.recipients():
                self._write(message.message(policy=policy.SMTP))
                sent += 1
        return sent

    def _write(self, mime: Any) -> None:
        name = hashlib.sha256(str(mime["Message-ID"]).encode()).hexdigest()[:10]
        moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        # The move is atomic: whoever lists the folder never sees half a mail.
        handle, draft = tempfile.mkstemp(dir=self.folder, prefix=".draft-")
        with os.fdopen(handle, "wb") as file:
            file.write(mime.as_bytes())
        Path(draft).rename(self.folder / f"{moment}-{name}.eml")


def read(path: Path) -> ParsedMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def newest(folder: Path, limit: int = 200) -> list[Path]:
    """The latest messages, newest first; the names begin with the moment."""
    return sorted(folder.glob("*.eml"), reverse=True)[:limit]
