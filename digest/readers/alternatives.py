"""What may be chosen instead of leaving, each with one click: fewer days, fewer papers, or none for a while."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from digest.models import Subscription
from digest.planning import changes
from digest.planning.scheduling import local_day


@dataclass(frozen=True, slots=True)
class Alternative:
    """A choice: how long to pause, or what changes for good."""

    label: str
    days: int = 0
    changed: Mapping[str, int] = field(default_factory=dict)


WEEKDAYS = 0b0011111
ALTERNATIVES = {
    "week": Alternative("Pause for a week", days=7),
    "month": Alternative("Pause for a month", days=30),
    "weekdays": Alternative("Monday to Friday only", changed={"weekdays": WEEKDAYS}),
    "weekly": Alternative("Once a week, on Fridays", changed={"weekdays": 0b0010000}),
    "five": Alternative("Five papers at most", changed={"cap": 5}),
}


def take(subscription: Subscription, name: str, *, now: datetime) -> None:
    """Makes one of the choices; whoever has left already is back with it."""
    alternative = ALTERNATIVES[name]
    changed: dict[str, Any] = dict(alternative.changed)
    if alternative.days:
        changed["paused_until"] = local_day(now, subscription.time_zone) + timedelta(days=alternative.days)
    if "cap" in changed:
        changed["cap"] = min(changed["cap"], subscription.cap)
    changes.resume(subscription, now=now, **changed)
