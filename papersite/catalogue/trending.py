"""The trending formula: pure arithmetic, no database.

    heat = hours at announcement + Σ weight · log2(1 + signal) + boost

The hours of Saturday and Sunday, in UTC, do not count: on them nothing is announced, and
Friday's papers do not cool against Monday's. Each doubling of a signal counts as much as being
``weight`` hours newer, so a weight is the signal's half-life: after so many hours it takes
twice as much to stand level with a newer paper. Time moves no paper past another, so heat is
stored and changes only with its own signals. It is the time-invariant form of Reddit's "hot"
and Lobsters' hotness, counted in hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log2

# A Monday, before any paper.
EPOCH = datetime(1990, 1, 1, tzinfo=UTC)
WEEK = 168
COUNTED_OF_A_WEEK = 120
DEFAULT_WEIGHTS: Mapping[str, float] = {"vote_count": 12.0, "hf_upvotes": 4.0, "github_week": 3.0}
NAMES: Mapping[str, str] = {
    "vote_count": "votes here",
    "hf_upvotes": "upvotes on Hugging Face",
    "github_week": "stars on GitHub in seven days",
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


def parts(signals: Mapping[str, int | None], weights: Mapping[str, float]) -> list[Part]:
    """One part for each weighted signal; a signal that is not known adds nothing."""
    return [
        Part(name, signals.get(name) or 0, weight * log2(1 + (signals.get(name) or 0)))
        for name, weight in weights.items()
    ]


def heat(
    announced_at: datetime, signals: Mapping[str, int | None], weights: Mapping[str, float], boost: float = 0.0
) -> float:
    """A paper's place in hours; higher is hotter."""
    return hours(announced_at) + sum(part.hours for part in parts(signals, weights)) + boost


def earned(gains: Mapping[str, int | None], weights: Mapping[str, float]) -> float:
    """What a paper earned in a time, in hours: the formula without age, over gains instead of totals."""
    return sum(part.hours for part in parts(gains, weights))
