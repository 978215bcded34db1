"""To be run after a backup of the database was restored, before anything else is started."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from digest.sending import restoring


class Command(BaseCommand):
    help = (
        "After a backup was restored: pauses all mail, closes every local day up to now, so that nobody is mailed "
        "twice, and says what is unknown."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--left",
            type=Path,
            metavar="FILE",
            help="addresses that must get no mail, one a line: who left, bounced or complained since the backup",
        )

    def handle(self, *, left: Path | None, **options: Any) -> None:
        now = timezone.now()
        done = restoring.restored(now, _addresses(left) if left else ())
        self.stdout.write(
            f"restored: readers={done.readers} open={done.open_count} suppressed={done.suppressed_count} mail=paused"
        )
        for line in (
            done.pause_reason,
            "Unknown, and not to be found out from the database:",
            "- which mails left. Every reader's days up to today are closed, so that nobody gets a second one. Papers",
            "  of those mails may come again. Their links say that the mail is not known, and open nobody else's.",
            "- who closed their account. They are back: close them again, the law may ask for it.",
            "- who unsubscribed, bounced or complained. Take their addresses from your provider's suppression list or",
            "  the mail server's log, and run this again with --left FILE; once more changes nothing else.",
            "- who signed up, and what readers changed: they will miss it, and do it again.",
            "All mail is paused. Let it go in admin, under “relay: pause and alarms”.",
        ):
            self.stdout.write(line)


def _addresses(path: Path) -> list[str]:
    """Raises CommandError where a line is no address: better none than some."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    found = []
    for number, line in enumerate(lines, start=1):
        if not (address := line.strip()):
            continue
        try:
            validate_email(address)
        except ValidationError as error:
            raise CommandError(f"{path}, line {number}: {address!r} is no address. Nothing was changed.") from error
        found.append(address)
    return found
