"""What the choice promises of any follows, caps, mutes, picks, opinions and days."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from digest.choosing.assembly import choose, remainders, window_start
from digest.types import Candidate, Choice, Close, Inputs, Lift, RankedFollow, Reason
from tests.conftest import examples
from tests.digest.choosing.test_assembly import TRENDING, YESTERDAY, ids, paper
from tests.factories import NOW

candidates = st.builds(
    Candidate,
    paper_id=st.integers(min_value=1, max_value=40),
    heat=st.floats(min_value=-1e6, max_value=1e6),
    announced_at=st.datetimes(datetime(2026, 10, 1), datetime(2026, 11, 23)).map(
        lambda at: at.replace(tzinfo=NOW.tzinfo)
    ),
    added_at=st.datetimes(datetime(2026, 10, 1), datetime(2026, 11, 23)).map(lambda at: at.replace(tzinfo=NOW.tzinfo)),
)


lifts = st.builds(Lift, st.floats(min_value=-24, max_value=12), st.sampled_from(["", "A paper"]))


kinds = ("topic", "author", "search")


@st.composite
def gathered(draw: st.DrawFn) -> Inputs:
    """Follows over one catalogue: a number is one paper wherever it stands."""
    catalogue = draw(st.lists(candidates, unique_by=lambda candidate: candidate.paper_id, max_size=30))
    rankings = draw(
        st.lists(st.lists(st.sampled_from(catalogue), unique=True) if catalogue else st.just([]), max_size=6)
    )
    reasons = [(draw(st.sampled_from(kinds)), f"Follow {number}") for number in range(len(rankings))]
    if draw(st.booleans()) and reasons:
        reasons[draw(st.integers(min_value=0, max_value=len(reasons) - 1))] = TRENDING
    some = st.sets(st.integers(min_value=1, max_value=40))
    return Inputs(
        cap=draw(st.integers(min_value=1, max_value=12)),
        follows=[RankedFollow(reason, by_heat(ranking)) for reason, ranking in zip(reasons, rankings, strict=True)],
        picks=[(one, "note") for one in draw(st.lists(st.sampled_from(catalogue), unique=True, max_size=4))]
        if catalogue
        else [],
        sent=draw(some),
        muted=draw(some),
        close=[
            Close(one, ("saved", f"Paper {number % 3}"))
            for number, one in enumerate(draw(st.lists(st.sampled_from(catalogue), unique=True, max_size=6)))
        ]
        if catalogue
        else [],
        close_places=draw(st.integers(min_value=0, max_value=4)),
        lifts=draw(st.dictionaries(st.integers(min_value=1, max_value=40), lifts, max_size=12)),
        waited={reason: draw(st.integers(min_value=0, max_value=9)) for reason in reasons},
        last_digest_at=draw(st.none() | st.just(YESTERDAY)),
    )


@st.composite
def crowded(draw: st.DrawFn, max_cap: int = 3) -> Inputs:
    """About as many follows as places, all of papers that came within a week or come in the next, and some mutes."""
    heats = draw(st.lists(st.integers(min_value=0, max_value=60), min_size=40, max_size=40))
    news = draw(st.lists(st.integers(min_value=-3, max_value=6), min_size=40, max_size=40))
    catalogue = [
        paper(number, heat=heat, announced_at=NOW + timedelta(days=day, hours=-1))
        for number, (heat, day) in enumerate(zip(heats, news, strict=True), start=1)
    ]
    rankings = draw(st.lists(st.sets(st.sampled_from(range(40)), min_size=4, max_size=25), min_size=3, max_size=6))
    follows = [
        RankedFollow((kinds[number % 3], f"Follow {number}"), by_heat(catalogue[one] for one in ranking))
        for number, ranking in enumerate(rankings)
    ]
    if draw(st.booleans()):
        follows.append(RankedFollow(TRENDING, by_heat(catalogue)))
    muted = draw(st.sets(st.integers(min_value=1, max_value=40), max_size=8))
    return Inputs(cap=draw(st.integers(min_value=1, max_value=max_cap)), follows=follows, muted=muted)


def by_heat(papers: Iterable[Candidate]) -> list[Candidate]:
    return sorted(papers, key=lambda one: (-one.heat, -one.paper_id))


def new_in(follow: RankedFollow, inputs: Inputs, now: datetime) -> set[int]:
    """Which papers of a follow may come."""
    since = window_start(inputs, now)
    return {one.paper_id for one in follow.ranking if one.news_at >= since} - {*inputs.sent, *inputs.muted}


def heard(inputs: Inputs, chosen: list[Choice], now: datetime) -> dict[Reason, bool]:
    """Of each follow that has something new, whether a paper of it comes."""
    found = {follow.reason: new_in(follow, inputs, now) for follow in inputs.follows}
    return {reason: bool(papers & set(ids(chosen))) for reason, papers in found.items() if papers}


def places(inputs: Inputs) -> int:
    """How many there are beside the picks."""
    picked = {one.paper_id for one, _ in inputs.picks} - {*inputs.sent, *inputs.muted}
    return inputs.cap - min(inputs.most_picks, len(picked))


@examples(400)
@given(st.one_of(gathered(), crowded(), crowded(max_cap=9)))
def test_choose_gives_every_follow_with_something_new_a_place(inputs: Inputs) -> None:
    chosen = choose(inputs, NOW)
    served = heard(inputs, chosen, NOW)

    if chosen and len(served) <= places(inputs):
        assert all(served.values())
    if chosen and served:
        assert sum(served.values()) >= min(len(served), places(inputs))


@examples(300)
@given(gathered())
def test_choose_puts_picks_first_and_then_goes_by_heat(inputs: Inputs) -> None:
    allowed = [one.paper_id for one, _ in inputs.picks if one.paper_id not in {*inputs.sent, *inputs.muted}]
    heat = {one.paper_id: one.heat for follow in inputs.follows for one in follow.ranking}
    heat |= {one.paper_id: one.heat for one, _ in inputs.close}
    moved = {
        number: hot + (inputs.lifts[number].hours if number in inputs.lifts else 0) for number, hot in heat.items()
    }

    found = ids(choose(inputs, NOW))

    picked = allowed[: min(3, inputs.cap // 2)] if found else []
    rest = found[len(picked) :]
    assert found[: len(picked)] == picked
    assert rest == sorted(rest, key=lambda number: (-moved[number], -number))


@examples(300)
@given(gathered(), st.lists(candidates, unique_by=lambda candidate: candidate.paper_id, max_size=20))
def test_trending_overall_takes_no_other_follow_its_place(inputs: Inputs, others: list[Candidate]) -> None:
    narrow = replace(inputs, follows=[one for one in inputs.follows if not one.is_trending], waited={})
    known = {one.paper_id: one for follow in inputs.follows for one in follow.ranking}
    hottest = by_heat({one.paper_id: known.get(one.paper_id, one) for one in [*known.values(), *others]}.values())
    # Of its own a first digest looks back from the newest paper of any follow.
    wide = replace(narrow, follows=[RankedFollow(TRENDING, hottest), *narrow.follows], last_digest_at=YESTERDAY)
    narrow.last_digest_at = YESTERDAY

    without, with_it = choose(narrow, NOW), choose(wide, NOW)

    before, after = heard(narrow, without, NOW), heard(wide, with_it, NOW)
    assert [reason for reason, has_place in before.items() if has_place and not after[reason]] == []
    assert all(TRENDING not in one.reasons for one in with_it if any(reason in before for reason in one.reasons))


@examples(150)
@given(crowded(), st.lists(st.sets(st.integers(1, 40), max_size=1), min_size=7, max_size=7))
def test_choose_gives_each_follow_its_turn_whatever_the_days_bring(inputs: Inputs, days: list[set[int]]) -> None:
    """Papers come from day to day, each day has picks of its own, and what was sent does not come again."""
    catalogue = {one.paper_id: one for follow in inputs.follows for one in follow.ranking}
    sent: set[int] = set()
    waited: dict[Reason, int] = {}
    last: datetime | None = None
    digests: list[tuple[int, dict[Reason, bool]]] = []
    for number, picked in enumerate(days):
        now = NOW + timedelta(days=number)
        today = replace(
            inputs,
            follows=[
                RankedFollow(one.reason, [each for each in one.ranking if each.news_at <= now])
                for one in inputs.follows
            ],
            picks=[(catalogue[one], "") for one in picked if one in catalogue],
            sent=sent,
            waited=waited,
            last_digest_at=last,
        )  # fmt: skip
        if chosen := choose(today, now):
            digests.append((places(today), heard(today, chosen, now)))
            waited = {(one.kind, one.label): one.waited for one in remainders(today, chosen, now) if one.waited}
            sent, last = sent | set(ids(chosen)), now

    for reason in (one.reason for one in inputs.follows):
        waits = [served.get(reason) is False for _, served in digests]
        for start in range(len(digests)):
            run = digests[start : start + list(chain(waits[start:], [False])).index(False)]
            # So many places, on end, went to those others alone that wanted one on the first of these days:
            # with n follows and as many places each day it is fewer than ceil(n / places) days.
            assert sum(max(0, free) for free, _ in run) < max(1, len(digests[start][1]))


@examples(300)
@given(gathered())
def test_choose_keeps_its_promises_whatever_was_gathered(inputs: Inputs) -> None:
    chosen = choose(inputs, NOW)
    numbers = ids(chosen)

    assert len(numbers) == len(set(numbers)) <= inputs.cap
    assert not set(numbers) & (set(inputs.sent) | set(inputs.muted))
    assert all(choice.reasons for choice in chosen)
    assert choose(inputs, NOW) == chosen


@examples(200)
@given(gathered(), st.integers(min_value=1, max_value=12))
def test_choose_never_leaves_room_while_a_paper_is_left(inputs: Inputs, more: int) -> None:
    # No more picks than the smaller cap allows: of these a mail with room for others takes no more.
    # The same of close ones.
    inputs = replace(inputs, picks=inputs.picks[: inputs.most_picks], close_places=inputs.most_close)
    fuller = replace(inputs, cap=inputs.cap + more, picks_a_mail=inputs.most_picks)

    assert len(choose(inputs, NOW)) == min(inputs.cap, len(choose(fuller, NOW)))


@examples(300)
@given(gathered())
def test_opinions_change_the_order_and_nothing_else(inputs: Inputs) -> None:
    everything = replace(inputs, cap=100)

    with_opinions, without = choose(everything, NOW), choose(replace(everything, lifts={}), NOW)

    assert sorted(ids(with_opinions)) == sorted(ids(without))
    assert {choice.paper_id: [one for one in choice.reasons if one[0] != "like"] for choice in with_opinions} == {
        choice.paper_id: list(choice.reasons) for choice in without
    }
    assert [one for one in ids(with_opinions) if one not in inputs.lifts] == [
        one for one in ids(without) if one not in inputs.lifts
    ]


@examples(300)
@given(gathered())
def test_close_papers_take_a_third_of_the_room_at_most_and_no_follow_its_place(inputs: Inputs) -> None:
    with_it, without = choose(inputs, NOW), choose(replace(inputs, close=()), NOW)
    wanted = set().union(*(follow.ids for follow in inputs.follows))
    picks = {one.paper_id for one, _ in inputs.picks}
    beside = [one for one in ids(with_it) if one not in wanted | picks]
    before, after = heard(inputs, without, NOW), heard(inputs, with_it, NOW)

    assert len(beside) <= min(inputs.close_places, inputs.cap // 3)
    assert bool(with_it) == bool(without)
    assert [reason for reason, has_place in before.items() if has_place and not after[reason]] == []
    close = {one.paper_id: reason for one, reason in inputs.close}
    assert all((choice.reasons[-1] == close[choice.paper_id]) for choice in with_it if choice.paper_id in close)


@examples(300)
@given(st.one_of(gathered(), crowded(max_cap=9)), st.dictionaries(st.integers(1, 40), lifts))
def test_opinions_silence_no_follow(inputs: Inputs, moved: dict[int, Lift]) -> None:
    """Whatever a reader wanted less of, what they follow has its place as if they had said nothing."""
    inputs.waited = {}
    without, with_them = (choose(replace(inputs, lifts=said), NOW) for said in ({}, moved))

    served = heard(inputs, with_them, NOW)
    assert bool(with_them) == bool(without)
    if with_them and len(served) <= places(inputs):
        assert all(served.values())
