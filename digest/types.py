"""The words that several folders share: plain values, without rows and without queries.

A claim is chosen for from candidates; the choices are composed into its mail; the outcome settles it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

EVERY_DAY = 0b1111111
"""All weekdays of a schedule: the sum of Monday 1, Tuesday 2, … Sunday 64."""

Reason = tuple[str, str]
"""Why a paper is in a mail: a kind of follow, "pick" or "like", and its label."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that may be chosen. Moments are in UTC."""

    paper_id: int
    heat: float
    announced_at: datetime
    added_at: datetime
    news_at: datetime = field(init=False)
    """When a reader could first have been told of it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "news_at", max(self.announced_at, self.added_at))


@dataclass(frozen=True, slots=True)
class RankedFollow:
    """One follow that includes papers: its reason and its ranking, hottest first, of equals the newer row."""

    reason: Reason
    ranking: Sequence[Candidate]


class Lift(NamedTuple):
    """How far a reader's opinions move a paper."""

    hours: float
    like: str = ""
    """The title of the paper they wanted more of, where that is why it stands higher."""


@dataclass(slots=True)
class Inputs:
    """All that decides one delivery."""

    cap: int
    follows: Sequence[RankedFollow]
    picks: Sequence[tuple[Candidate, str]] = ()
    """The day's picks in order, each with the curator's note."""
    sent: Collection[int] = ()
    muted: Collection[int] = ()
    lifts: Mapping[int, Lift] = field(default_factory=dict)
    last_digest_at: datetime | None = None
    is_quiet_catalogue: bool = False
    """Whether nothing at all was announced since the last digest."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A paper of a mail, and why it is there."""

    paper_id: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Says why no papers come today, and when the next mail does, on the reader's own clock."""

    reason: str
    next_at: datetime | None


@dataclass(slots=True)
class Claim:
    """A delivery that a worker holds: what its mail needs, without the weight of rows."""

    pk: int
    day: date
    """The reader's own date."""
    subscription_id: int
    due_at: datetime
    address: str = ""
    cap: int = 0
    attempts: int = 0
    assembled_at: datetime | None = None
    token: str = field(default="", repr=False)
    message_id: str = ""
    subject: str = ""
    accepted_count: int = 0
    wants_news: bool = False
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery ended, or when it is to be tried again; ``state`` is one of ``Delivery.State``."""

    state: str
    reason: str = ""
    not_before: datetime | None = None
    is_uncertain: bool = False
    """The mail may have arrived all the same."""
