"""The words that several folders share: plain values, without rows and without queries.

A claim is chosen for from candidates; the choices are composed into its mail; the outcome settles it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

EVERY_DAY = 0b1111111
"""All weekdays of a schedule: the sum of Monday 1, Tuesday 2, … Sunday 64."""

MOST_COUNTED = 100
"""Papers that did not fit are counted up to here."""

Reason = tuple[str, str]
"""Why a paper is in a mail: a kind of follow, ``NAMED``, "pick", "like" or one of ``CLOSE``, and its label; or ``ALSO``
and another paper."""

ALSO = "also"
"""Of a paper on the same thing, which has no place of its own: what its address ends in, a space, its title."""

NAMED = "name"
"""Of a follow of an author whose name several people likely bear: its label is that name."""

WRITERS = frozenset({"author", NAMED})
"""Reasons that name somebody who wrote the paper."""

CLOSE = ("saved", "voted", "like", "kept")
"""Of a paper close to one of the reader's: what they did with that one, or that others kept both. Its label is that
one's title."""

PERSONAL = frozenset(CLOSE)
"""Reasons that name a paper of the reader's own, and so are hardly any two readers'."""


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


@dataclass(frozen=True)
class RankedFollow:
    """One follow that includes papers: its reason and its ranking, hottest first, of equals the newer row.

    The same for all who follow the same, so that what is derived from a ranking is derived once.
    """

    reason: Reason
    ranking: Sequence[Candidate]
    author: int | None = None
    """Whom it follows, if anybody."""
    _since: tuple[datetime, frozenset[int]] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def is_trending(self) -> bool:
        """Whether it is the follow of everything."""
        return self.reason[0] == "trending"

    @cached_property
    def by_id(self) -> Mapping[int, Candidate]:
        return {one.paper_id: one for one in self.ranking}

    @cached_property
    def ids(self) -> frozenset[int]:
        return frozenset(self.by_id)

    @cached_property
    def _by_age(self) -> tuple[list[datetime], list[int]]:
        """Moments of news, oldest first, and whose they are."""
        by_age = sorted((one.news_at, paper_id) for paper_id, one in self.by_id.items())
        return [moment for moment, _ in by_age], [paper_id for _, paper_id in by_age]

    def ids_after(self, moment: datetime) -> Sequence[int]:
        """The papers that became known later than that, oldest first."""
        moments, ids = self._by_age
        return ids[bisect_right(moments, moment) :]

    def count_since(self, moment: datetime) -> int:
        """How many those are that became known then or later."""
        moments, ids = self._by_age
        return len(ids) - bisect_left(moments, moment)

    def ids_since(self, moment: datetime) -> frozenset[int]:
        """The papers that became known then or later; held for the next reader, who mostly asks for the same."""
        moments, ids = self._by_age
        if not moments or moments[0] >= moment:
            return self.ids
        if self._since is None or self._since[0] != moment:
            object.__setattr__(self, "_since", (moment, frozenset(ids[bisect_left(moments, moment) :])))
        assert self._since is not None
        return self._since[1]


class OtherPaper(NamedTuple):
    """One that is named beneath another."""

    public_id: str
    title: str

    @classmethod
    def read(cls, label: str) -> "OtherPaper":
        """Of the label of a reason ``ALSO``."""
        public_id, _, title = label.partition(" ")
        return cls(public_id, title)

    @property
    def label(self) -> str:
        return f"{self.public_id} {self.title}"


class Lift(NamedTuple):
    """How far a reader's opinions move a paper."""

    hours: float
    """Of heat, which may be negative."""
    like: str = ""
    """The title of the paper they wanted more of, where that is why it stands higher."""


class Close(NamedTuple):
    """A paper close to what a reader saved, voted for or wanted more of."""

    candidate: Candidate
    reason: Reason


class Pinned(NamedTuple):
    """A curator's pick."""

    candidate: Candidate
    note: str = ""
    is_for_all: bool = False
    """Also for readers none of whose follows it fits."""


@dataclass(slots=True)
class Inputs:
    """All that decides one delivery."""

    cap: int
    follows: Sequence[RankedFollow]
    picks: Sequence[tuple[Candidate, str]] = ()
    """The day's picks that are for this reader, in order, each with the curator's note."""
    picks_a_mail: int = 3
    """At most so many of them, and never more than half of ``cap``."""
    left_out: Collection[int] = ()
    """What a curator leaves to another day."""
    folds_alike: bool = True
    """Whether papers on one thing share a place."""
    beneath: dict[int, int] = field(default_factory=dict)
    """Papers that are named beneath others, on the same thing, and beneath which."""
    sent: Collection[int] = ()
    muted: Collection[int] = ()
    lifts: Mapping[int, Lift] = field(default_factory=dict)
    close: Sequence[Close] = ()
    """Papers close to the reader's taste, the closest first."""
    close_places: int = 0
    """So many of them may come beside what the follows bring, and never more than a third of ``cap``."""
    waited: Mapping[Reason, int] = field(default_factory=dict)
    """For how many digests on end each follow had papers and no place."""
    last_digest_at: datetime | None = None
    is_quiet_catalogue: bool = False
    """Whether nothing at all was announced since the last digest."""

    @property
    def most_picks(self) -> int:
        return min(self.picks_a_mail, self.cap // 2)

    @property
    def most_close(self) -> int:
        return min(self.close_places, self.cap // 3)


@dataclass(frozen=True, slots=True)
class Choice:
    """A paper of a mail, and why it is there."""

    paper_id: int
    reasons: tuple[Reason, ...]

    @property
    def is_pick(self) -> bool:
        return bool(self.reasons) and self.reasons[0][0] == "pick"


class Remainder(NamedTuple):
    """What a follow had beside the papers of a mail, for want of room."""

    kind: str
    label: str
    papers: int
    """How many, counted up to ``MOST_COUNTED``: rankings end somewhere."""
    waited: int = 0
    """For how many digests on end, this one included, it had none of the places."""

    @property
    def is_more(self) -> bool:
        """Whether there were more than can be told."""
        return self.papers >= MOST_COUNTED


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
    revision_id: int | None = None
    """Of its day's edition: what its mail is made from."""
    has_moved: bool = False
    """Its mail may have gone to another address, which the reader had before: it goes to no second one."""
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery ended, or when it is to be tried again; ``state`` is one of ``Delivery.State``."""

    state: str
    reason: str = ""
    not_before: datetime | None = None
    is_uncertain: bool = False
    """The mail may have arrived all the same."""
