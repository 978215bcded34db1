"""Keeps what staff did, with their names as text: Django's own log goes with the account that it points at."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry

from accounts.models import Deed

ACTIONS = {ADDITION: "added", CHANGE: "changed", DELETION: "deleted"}


def keep(entry: LogEntry) -> None:
    """Writes an entry of the log, or what became of it."""
    Deed.objects.update_or_create(entry=entry.pk, defaults=_told(entry))


def keep_all(entries: Sequence[LogEntry]) -> None:
    """The same of entries that are new."""
    Deed.objects.bulk_create([Deed(entry=entry.pk, **_told(entry)) for entry in entries], batch_size=500)


def _told(entry: LogEntry) -> dict[str, Any]:
    kind = entry.content_type
    return {
        "made_at": entry.action_time,
        "by_number": entry.user_id,
        "by_name": (getattr(entry.user, "name", "") or f"account {entry.user_id}")[:150],
        "model": f"{kind.app_label}.{kind.model}" if kind else "",
        "object_id": entry.object_id or "",
        "object_repr": entry.object_repr,
        "action": ACTIONS.get(entry.action_flag, ""),
        "said": entry.get_change_message(),
    }
