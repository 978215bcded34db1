"""The trending formula: pure arithmetic, no database.

    heat = hours at announcement + Σ weight · log2(1 + signal) + promise + boost

The hours of Saturday and Sunday, in UTC, do not count: on them nothing is announced, and
Friday's papers do not cool against Monday's. Each doubling of a signal counts as much as being
``weight`` hours newer, so a weight is the signal's half-life: after so many hours it takes
twice as much to stand level with a newer paper. Time moves no paper past another, so heat is
stored and changes only with its own signals. It is the time-invariant form of Reddit's "hot"
and Lobsters' hotness, counted in hours.

Promise is what is expected of a paper before it earned anything: weight hours for each doubling of
its chance. It fades by what the paper earns, by half once that is ``FADES`` times its weight, and
never by so much that earning would lower a paper. Time does not fade it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log2
from typing import Any

# A Monday, before any paper.
EPOCH = datetime(1990, 1, 1, tzinfo=UTC)
WEEK = 168
COUNTED_OF_A_WEEK = 120
PROMISE = "promise"
DEFAULT_WEIGHTS: Mapping[str, float] = {"vote_count": 12.0, "hf_upvotes": 4.0, "github_week": 3.0, PROMISE: 2.0}
# Doublings at most, and the weights' worth of earnings that halve what they add: at least twice as many.
MOST_PROMISE = 4.0
FADES = 2 * MOST_PROMISE
NAMES: Mapping[str, str] = {
    "vote_count": "votes here",
    "hf_upvotes": "upvotes on Hugging Face",
    "github_week": "stars on GitHub in seven days",
    PROMISE: "promise, before anything is earned",
}
# The weight under which the growth of a reading counts in a week's or month's view.
EARNED_BY: Mapping[str, str] = {"hf_upvotes": "hf_upvotes", "github_stars": "github_week"}


@dataclass(frozen=True, slots=True)
class Part:
    """What one signal adds to a paper's heat, in hours."""

    signal: str
    count: int
    hours: float

    @property
    def name(self) -> str:
        return NAMES[self.signal]


def hours(announced_at: datetime) -> float:
    """Hours from EPOCH to a moment, weekends left out."""
    weeks, within = divmod((announced_at - EPOCH).total_seconds() / 3600, WEEK)
    return weeks * COUNTED_OF_A_WEEK + min(within, COUNTED_OF_A_WEEK)


def parts(signals: Mapping[str, Any], weights: Mapping[str, float]) -> list[Part]:
    """One part for each weighted signal; a signal that is not known adds nothing. Promise is none: nobody gave it."""
    return [
        Part(name, signals.get(name) or 0, weight * log2(1 + (signals.get(name) or 0)))
        for name, weight in weights.items()
        if name != PROMISE
    ]


def promised(signals: Mapping[str, Any], weights: Mapping[str, float]) -> float:
    """What is left of a paper's promise, in hours, beside what it earned."""
    weight, doublings = weights.get(PROMISE, 0.0), signals.get(PROMISE) or 0.0
    if not weight or not doublings:
        return 0.0
    earned = sum(part.hours for part in parts(signals, weights))
    # So written that no rounding makes more of it than was promised, or more by earning.
    return float(weight * doublings / (1 + earned / (FADES * weight)))


def heat(announced_at: datetime, signals: Mapping[str, Any], weights: Mapping[str, float], boost: float = 0.0) -> float:
    """A paper's place in hours; higher is hotter."""
    earned = sum(part.hours for part in parts(signals, weights))
    return hours(announced_at) + earned + promised(signals, weights) + boost


def earned(gains: Mapping[str, int | None], weights: Mapping[str, float]) -> float:
    """What a paper earned in a time, in hours: the formula without age, over gains instead of totals."""
    return sum(part.hours for part in parts(gains, weights))
