"""The trending formula: pure arithmetic, no database.

    heat = hours at announcement + Σ weight · log2(1 + signal) + boost

Each doubling of a signal counts as much as being ``weight`` hours newer. Time moves
no paper past another, so heat is stored and changes only with its own signals. It is
the time-invariant form of Reddit's "hot" and Lobsters' hotness, counted in hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log2

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
DEFAULT_WEIGHTS: Mapping[str, float] = {"vote_count": 12.0, "hf_upvotes": 6.0}


@dataclass(frozen=True, slots=True)
class Part:
    """What one signal adds to a paper's heat, in hours."""

    signal: str
    count: int
    hours: float


def parts(signals: Mapping[str, int | None], weights: Mapping[str, float]) -> list[Part]:
    """One part for each weighted signal; a signal that is not known adds nothing."""
    return [
        Part(name, signals.get(name) or 0, weight * log2(1 + (signals.get(name) or 0)))
        for name, weight in weights.items()
    ]


def heat(
    announced_at: datetime, signals: Mapping[str, int | None], weights: Mapping[str, float], boost: float = 0.0
) -> float:
    """A paper's place in hours since 2000-01-01 UTC; higher is hotter."""
    age = (announced_at - EPOCH).total_seconds() / 3600
    return age + sum(part.hours for part in parts(signals, weights)) + boost
