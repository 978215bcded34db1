"""What may be chosen instead of leaving, each with one click: fewer days, fewer papers, or none for a while."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from digest import registration
from digest.models import Subscription
from digest.scheduling import local_day


@dataclass(frozen=True, slots=True)
class Less:
    """A choice: how long to pause, or what changes for good."""

    label: str
    days: int = 0
    changed: Mapping[str, int] = field(default_factory=dict)


WEEKDAYS = 0b0011111
CHOICES = {
    "week": Less("Pause for a week", days=7),
    "month": Less("Pause for a month", days=30),
    "weekdays": Less("Monday to Friday only", changed={"weekdays": WEEKDAYS}),
    "weekly": Less("Once a week, on Fridays", changed={"weekdays": 0b0010000}),
    "five": Less("Five papers at most", changed={"cap": 5}),
}


def take(subscription: Subscription, name: str, *, now: datetime) -> None:
    """Makes one of the choices; whoever has left already is back with it."""
    less = CHOICES[name]
    changed: dict[str, Any] = dict(less.changed)
    if less.days:
        changed["paused_until"] = local_day(now, subscription.time_zone) + timedelta(days=less.days)
    if "cap" in changed:
        changed["cap"] = min(changed["cap"], subscription.cap)
    registration.resume(subscription, now=now, **changed)
