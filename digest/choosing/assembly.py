"""Which papers, in which order, and why: pure, given what was gathered."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from digest.types import Candidate, Choice, Inputs, RankedFollow, Reason
from papersite.catalogue import calendar

# A first digest reaches this far back from the newest paper; a later one from now,
# or from the reader's last digest where that is longer ago.
WINDOW = timedelta(days=7)
FIRST_WINDOW = timedelta(days=14)
NOTHING_MATCHED = "Nothing new matched what you follow."
NOTHING_ANNOUNCED = "Nothing new was announced since your last digest."
QUIET = {
    "weekend": "Nothing was announced: arXiv rests from Thursday to Sunday evening.",
    "holiday": "Nothing was announced: arXiv has a holiday.",
}


@dataclass(slots=True)
class _Entry:
    candidate: Candidate
    heat: float
    """That of the paper, and what the reader's opinions add to it."""
    reasons: list[Reason] = field(default_factory=list)


def choose(wanted: Inputs, now: datetime) -> list[Choice]:
    """The papers of one digest, at most ``cap``: picks first, then by heat.

    A paper that several follows want comes once, with all reasons. None is muted or
    was sent before. Where there are several follows, none takes more than half of the
    mail while others still have something. Opinions move papers up or down in that order,
    and do nothing else. Without news the list is empty.
    """
    picked = _picked(wanted)
    wished = _wished(wanted, now)
    if wanted.last_digest_at is not None and not picked:
        wished = _with_news(wished, wanted.last_digest_at)
    if picked:
        wished = _apart_from(picked, list(wished))
    chosen = list(picked.values())[: wanted.cap]
    chosen += _balanced(wished, room=wanted.cap - len(chosen), follows=len(wanted.follows))
    return [Choice(entry.candidate.paper_id, _reasons(entry, wanted)) for entry in chosen]


def _reasons(entry: _Entry, wanted: Inputs) -> tuple[Reason, ...]:
    lift = wanted.lifts.get(entry.candidate.paper_id)
    return (*entry.reasons, ("like", lift.like)) if lift and lift.like else tuple(entry.reasons)


def reason_for_nothing(wanted: Inputs, now: datetime) -> str:
    """Why a digest is empty, in words for its reader."""
    if not wanted.is_quiet_catalogue:
        return NOTHING_MATCHED
    if wanted.last_digest_at is None:
        return NOTHING_ANNOUNCED
    return QUIET.get(calendar.why_quiet(wanted.last_digest_at, now), NOTHING_ANNOUNCED)


def _picked(wanted: Inputs) -> dict[int, _Entry]:
    return {
        candidate.paper_id: _Entry(candidate, candidate.heat, [("pick", note)])
        for candidate, note in wanted.picks
        if candidate.paper_id not in wanted.sent and candidate.paper_id not in wanted.muted
    }


def _wished(wanted: Inputs, now: datetime) -> Iterator[_Entry]:
    """What the follows bring within the window, hottest first, each paper once with all its reasons.

    It is read only as far as a mail needs: rankings are long, and mails are short.
    """
    since = window_start(wanted, now)
    entry: _Entry | None = None
    for heat, _, number, candidate in heapq.merge(
        *(_ranked(number, follow, since, wanted) for number, follow in enumerate(wanted.follows))
    ):
        if entry is None or entry.candidate.paper_id != candidate.paper_id:
            if entry is not None:
                yield entry
            entry = _Entry(candidate, -heat)
        entry.reasons.append(wanted.follows[number].reason)
    if entry is not None:
        yield entry


_SortKey = tuple[float, int, int, Candidate]
"""What the merge compares: heat, then the newer row, then the order of follows."""


def _ranked(number: int, follow: RankedFollow, since: datetime, wanted: Inputs) -> Iterator[_SortKey]:
    """One follow's candidates in order."""
    if not wanted.lifts:
        return _in_heat(number, follow.ranking, since, wanted)
    lifts = wanted.lifts
    moved = [one for one in follow.ranking if one.paper_id in lifts]
    if not moved:
        return _in_heat(number, follow.ranking, since, wanted)
    stay = (one for one in follow.ranking if one.paper_id not in lifts)
    lifted = (
        (heat - lifts[-paper_id].hours, paper_id, place, one)
        for heat, paper_id, place, one in _in_heat(number, moved, since, wanted)
    )
    return heapq.merge(_in_heat(number, stay, since, wanted), sorted(lifted))


def _in_heat(number: int, ranking: Iterable[Candidate], since: datetime, wanted: Inputs) -> Iterator[_SortKey]:
    sent, muted = wanted.sent, wanted.muted
    for candidate in ranking:
        paper_id = candidate.paper_id
        if candidate.news_at >= since and paper_id not in sent and paper_id not in muted:
            yield -candidate.heat, -paper_id, number, candidate


def _with_news(entries: Iterator[_Entry], last_digest_at: datetime) -> Iterator[_Entry]:
    """The same, or nothing where none of them is newer than the last digest."""
    old = []
    for entry in entries:
        old.append(entry)
        if entry.candidate.news_at > last_digest_at:
            return chain(old, entries)
    return iter(())


def _apart_from(picked: dict[int, _Entry], entries: list[_Entry]) -> Iterator[_Entry]:
    """Those that are no picks; the reasons of the others go to the picks."""
    for entry in entries:
        if entry.candidate.paper_id in picked:
            picked[entry.candidate.paper_id].reasons.extend(entry.reasons)
    return (entry for entry in entries if entry.candidate.paper_id not in picked)


def window_start(wanted: Inputs, now: datetime) -> datetime:
    """What became known before is too old for this mail."""
    if wanted.last_digest_at is not None:
        return min(now - WINDOW, wanted.last_digest_at)
    newest = max((follow.ranking[0].announced_at for follow in wanted.follows if follow.ranking), default=now)
    return min(now, newest) - FIRST_WINDOW


def _balanced(entries: Iterable[_Entry], *, room: int, follows: int) -> list[_Entry]:
    """The hottest, but from one follow at most half, until only its papers are left; in order of heat."""
    if room <= 0:
        return []
    quota = room if follows <= 1 else -(-room // 2)
    counts: dict[Reason, int] = {}
    first: list[_Entry] = []
    over: list[_Entry] = []
    for entry in entries:
        # A paper of several follows burdens the one that has had least.
        reason = min(entry.reasons, key=lambda reason: counts.get(reason, 0))
        if counts.get(reason, 0) < quota:
            counts[reason] = counts.get(reason, 0) + 1
            first.append(entry)
            if len(first) == room:
                return first
        elif len(over) < room:
            over.append(entry)
    chosen = first + over[: room - len(first)]
    return sorted(chosen, key=lambda entry: (-entry.heat, -entry.candidate.paper_id))
