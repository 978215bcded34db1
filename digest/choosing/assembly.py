"""Which papers, in which order, and why: pure, given what was gathered."""

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from digest.types import MOST_COUNTED, Candidate, Choice, Inputs, Lift, RankedFollow, Reason, Remainder
from papersite.catalogue import calendar

# A first digest reaches this far back from the newest paper; a later one from now,
# or from the reader's last digest where that is longer ago.
WINDOW = timedelta(days=7)
FIRST_WINDOW = timedelta(days=14)
# By what kinds of follow usually match: the order of a paper's reasons, and of equals who wait for a place.
NARROWEST_FIRST = {"author": 0, "search": 1, "topic": 2, "trending": 3}
NOTHING_MATCHED = "Nothing new matched what you follow."
NOTHING_ANNOUNCED = "Nothing new was announced since your last digest."
QUIET = {
    "weekend": "Nothing was announced: arXiv rests from Thursday to Sunday evening.",
    "holiday": "Nothing was announced: arXiv has a holiday.",
}

_SortKey = tuple[float, int, int, Candidate]
"""What the merge compares: heat, then the newer row, then the order of follows."""


class _Entry(NamedTuple):
    """A paper of the mail in the making."""

    paper_id: int
    heat: float
    """In hours: the paper's own, and what the reader's opinions add to it."""
    follows: Sequence[int]
    """Which follows want it, by their places among all of them, narrowest first."""
    note: str | None = None
    """The curator's, if it is a pick."""


def choose(inputs: Inputs, now: datetime) -> list[Choice]:
    """The papers of one digest, at most ``cap``: some picks first, then by heat. ``now`` is in UTC.

    Each follow that has something new has a place, in turn where there are more of them than places; then come
    some that are close to the reader's taste; then heat decides, with no follow in more than half of the mail
    while others have something. A paper that several follows want comes once and serves them all. None is muted
    or was sent before. Opinions move papers by hours of heat and do nothing else. Without news the list is empty:
    neither a pick nor a close paper alone makes a mail.
    """
    blocked = {*inputs.sent, *inputs.muted, *inputs.left_out}
    if not _has_news(inputs, blocked):
        return []
    since = window_start(inputs, now)
    follows = sorted(inputs.follows, key=_narrowness)
    picks = [
        _Entry(one.paper_id, one.heat, _wanting(one.paper_id, follows) if one.news_at >= since else (), note)
        for one, note in inputs.picks
        if one.paper_id not in blocked
    ][: inputs.most_picks]
    blocked |= {pick.paper_id for pick in picks}
    blocked |= inputs.beneath.keys()
    streams = [_ranked(number, one, since, blocked, inputs.lifts) for number, one in enumerate(follows)]
    chosen = picks + _shared_out(inputs, follows, streams, picks, _close(inputs, follows, since, blocked))
    if not any(entry.follows for entry in chosen):
        return []
    near = {one.candidate.paper_id: one.reason for one in inputs.close}
    return [
        Choice(
            entry.paper_id,
            _reasons(entry, follows, since, inputs.lifts.get(entry.paper_id), near.get(entry.paper_id)),
        )
        for entry in chosen
    ]


def remainders(inputs: Inputs, chosen: Sequence[Choice], now: datetime) -> list[Remainder]:
    """What each follow had that did not fit beside ``chosen``, those without a place first.

    Of trending overall only whether it had a place: there is always more of everything.
    """
    since = window_start(inputs, now)
    mailed = {choice.paper_id for choice in chosen}
    gone = mailed.union(inputs.sent, inputs.muted, inputs.left_out)
    left = []
    for follow in inputs.follows:
        matching = follow.ids_since(since)
        count = len(matching) - len(matching & gone)
        if count:
            kind, label = follow.reason
            if matching.isdisjoint(mailed):
                waited = inputs.waited.get(follow.reason, 0) + 1
                left.append(Remainder(kind, label, min(count, MOST_COUNTED), waited))
            elif kind != "trending":
                left.append(Remainder(kind, label, min(count, MOST_COUNTED)))
    left.sort(key=lambda one: (-one.waited, -one.papers))
    return left


def reason_for_nothing(inputs: Inputs, now: datetime) -> str:
    """Why a digest is empty, in words for its reader. ``now`` is in UTC."""
    if not inputs.is_quiet_catalogue:
        return NOTHING_MATCHED
    if inputs.last_digest_at is None:
        return NOTHING_ANNOUNCED
    return QUIET.get(calendar.why_quiet(inputs.last_digest_at, now), NOTHING_ANNOUNCED)


def window_start(inputs: Inputs, now: datetime) -> datetime:
    """The moment in UTC from which on papers are new enough for this mail, by when they became known."""
    if inputs.last_digest_at is not None:
        return min(now - WINDOW, inputs.last_digest_at)
    newest = max((follow.ranking[0].announced_at for follow in inputs.follows if follow.ranking), default=now)
    return min(now, newest) - FIRST_WINDOW


def _narrowness(follow: RankedFollow) -> int:
    return NARROWEST_FIRST[follow.reason[0]]


def _has_news(inputs: Inputs, blocked: Collection[int]) -> bool:
    """Whether anything that may come became known since the last digest."""
    last = inputs.last_digest_at
    return last is None or any(
        paper_id not in blocked for follow in inputs.follows for paper_id in follow.ids_after(last)
    )


def _wanting(paper_id: int, follows: Sequence[RankedFollow]) -> Sequence[int]:
    return [number for number, follow in enumerate(follows) if paper_id in follow.ids]


def _close(inputs: Inputs, follows: Sequence[RankedFollow], since: datetime, blocked: Collection[int]) -> list[_Entry]:
    """Those close to the reader's taste that may come, the closest first."""
    return [
        _Entry(
            one.paper_id,
            one.heat + (inputs.lifts[one.paper_id].hours if one.paper_id in inputs.lifts else 0),
            _wanting(one.paper_id, follows),
        )
        for one, _ in inputs.close
        if one.paper_id not in blocked and one.news_at >= since
    ]


def _reasons(
    entry: _Entry, follows: Sequence[RankedFollow], since: datetime, lift: Lift | None, close: Reason | None
) -> tuple[Reason, ...]:
    """The pick, then the follows, narrowest first, then the reader's own paper that it is close to, or the opinion.
    What is trending is said where no more is."""
    wanting = [follows[number] for number in entry.follows]
    if len(wanting) > 1:
        # Of one kind, those that have least.
        wanting.sort(key=lambda one: (_narrowness(one), one.count_since(since)))
    named = [follow.reason for follow in wanting]
    if len(named) > 1:
        named = [reason for reason in named if reason[0] != "trending"] or named[:1]
    if entry.note is not None:
        named.insert(0, ("pick", entry.note))
    if close is not None:
        named = [*(reason for reason in named if reason[0] != "trending"), close]
    elif lift and lift.like:
        named.append(("like", lift.like))
    return tuple(named)


def _ranked(
    number: int, follow: RankedFollow, since: datetime, blocked: Collection[int], lifts: Mapping[int, Lift]
) -> Iterator[_SortKey]:
    """One follow's candidates in order. It is read only as far as a mail needs: rankings are long, and mails short."""
    moved = [follow.by_id[paper_id] for paper_id in lifts.keys() & follow.ids] if lifts else []
    if not moved:
        return _in_heat(number, follow.ranking, since, blocked)
    stay = (one for one in follow.ranking if one.paper_id not in lifts)
    lifted = (
        (heat - lifts[-paper_id].hours, paper_id, place, one)
        for heat, paper_id, place, one in _in_heat(number, moved, since, blocked)
    )
    return heapq.merge(_in_heat(number, stay, since, blocked), sorted(lifted))


def _in_heat(
    number: int, ranking: Iterable[Candidate], since: datetime, blocked: Collection[int]
) -> Iterator[_SortKey]:
    for candidate in ranking:
        paper_id = candidate.paper_id
        if paper_id not in blocked and candidate.news_at >= since:
            yield -candidate.heat, -paper_id, number, candidate


def _shared_out(
    inputs: Inputs,
    follows: Sequence[RankedFollow],
    streams: Sequence[Iterator[_SortKey]],
    picks: Sequence[_Entry],
    close: Sequence[_Entry],
) -> list[_Entry]:
    """What is mailed beside the picks: a place for each follow, some close ones, the rest by heat; in order of heat."""
    room = inputs.cap - len(picks)
    if room <= 0:
        return []
    heads = [next(stream, None) for stream in streams]
    served = {number for pick in picks for number in pick.follows}
    entries = _places(inputs.waited, follows, heads, served, room)
    placed = {entry.paper_id for entry in entries}
    entries += [one for one in close if one.paper_id not in placed][: min(inputs.most_close, room - len(entries))]
    if len(entries) < room:
        entries += _rest(entries, follows, heads, streams, room)
    return sorted(entries, key=lambda entry: (-entry.heat, -entry.paper_id))


def _places(
    waited: Mapping[Reason, int],
    follows: Sequence[RankedFollow],
    heads: Sequence[_SortKey | None],
    served: set[int],
    room: int,
) -> list[_Entry]:
    """The hottest paper of each follow that no paper serves yet, in the order in which they waited longest.

    Who newly waits stands behind all who wait already: of n follows with something new, each has a place
    in any ceil(n / room) digests on end.
    """
    order: Sequence[int] = range(len(follows))
    if waited:
        order = sorted(order, key=lambda number: -waited.get(follows[number].reason, 0))
    entries: list[_Entry] = []
    for number in order:
        head = heads[number]
        if head is not None and number not in served:
            if len(entries) == room:
                break
            entries.append(_entry(head, follows))
            served.update(entries[-1].follows)
    return entries


def _rest(
    placed: Sequence[_Entry],
    follows: Sequence[RankedFollow],
    heads: Sequence[_SortKey | None],
    streams: Sequence[Iterator[_SortKey]],
    room: int,
) -> list[_Entry]:
    """The hottest others, but on account of one follow at most half of the mail, until only its papers are left.

    A paper is on account of the narrowest of its follows that has not had its half, and of trending
    overall only where no other wants it: that one wants what all others want.
    """
    hottest = [head for head in heads if head is not None]
    heapq.heapify(hottest)
    quota = room if len(hottest) <= 1 else -(-room // 2)
    counts = [0] * len(follows)
    for entry in placed:
        if entry.follows:
            counts[entry.follows[0]] += 1
    seen = {entry.paper_id for entry in placed}
    rest: list[_SortKey] = []
    over: list[_SortKey] = []
    missing = room - len(placed)
    while hottest and len(rest) < missing:
        key = hottest[0]
        number, paper_id = key[2], -key[1]
        is_over = counts[number] >= quota
        following = None if is_over and len(over) >= missing else next(streams[number], None)
        if following is None:
            heapq.heappop(hottest)
        else:
            heapq.heapreplace(hottest, following)
        if paper_id in seen:
            continue
        if is_over or (follows[number].is_trending and _wanting(paper_id, follows)[0] != number):
            over.append(key)
        else:
            counts[number] += 1
            seen.add(paper_id)
            rest.append(key)
    for key in over:
        if len(rest) < missing and -key[1] not in seen:
            seen.add(-key[1])
            rest.append(key)
    return [_entry(key, follows) for key in rest]


def _entry(key: _SortKey, follows: Sequence[RankedFollow]) -> _Entry:
    return _Entry(-key[1], -key[0], _wanting(-key[1], follows))
