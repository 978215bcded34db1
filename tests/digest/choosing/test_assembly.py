"""The choice of papers: pure, so that its promises can be tried on anything."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.choosing.assembly import FIRST_WINDOW, NOTHING_ANNOUNCED, NOTHING_MATCHED, QUIET, choose, reason_for_nothing
from digest.types import Candidate, Choice, Inputs, Lift, RankedFollow
from tests.conftest import examples
from tests.factories import NOW

GRAPHS = ("topic", "Graphs")
SOUND = ("topic", "Sound")
YESTERDAY = NOW - timedelta(days=1)


def paper(
    number: int, *, heat: float = 0.0, announced_at: datetime = NOW, added_at: datetime | None = None
) -> Candidate:
    return Candidate(number, heat, announced_at, added_at or announced_at)


def ids(choices: list[Choice]) -> list[int]:
    return [choice.paper_id for choice in choices]


def test_choose_takes_the_hottest_up_to_the_cap() -> None:
    ranking = [paper(1, heat=9), paper(2, heat=8), paper(3, heat=7)]

    assert ids(choose(Inputs(cap=2, follows=[RankedFollow(GRAPHS, ranking)]), NOW)) == [1, 2]


def test_choose_names_all_follows_of_a_paper_and_takes_it_once() -> None:
    both = paper(1, heat=9)

    chosen = choose(Inputs(cap=5, follows=[RankedFollow(GRAPHS, [both]), RankedFollow(SOUND, [both])]), NOW)

    assert chosen == [Choice(1, (GRAPHS, SOUND))]


def test_choose_moves_papers_by_the_readers_opinions_and_says_which_lifted_them() -> None:
    ranking = [paper(1, heat=9), paper(2, heat=8), paper(3, heat=7)]
    lifts = {3: Lift(1.5, "A paper"), 1: Lift(-5.0)}

    chosen = choose(Inputs(cap=3, follows=[RankedFollow(GRAPHS, ranking)], lifts=lifts), NOW)

    assert chosen == [Choice(3, (GRAPHS, ("like", "A paper"))), Choice(2, (GRAPHS,)), Choice(1, (GRAPHS,))]


def test_choose_moves_a_paper_of_several_follows_once() -> None:
    both, other = paper(1, heat=9), paper(2, heat=8)
    follows = [RankedFollow(GRAPHS, [both, other]), RankedFollow(SOUND, [both])]

    chosen = choose(Inputs(cap=3, follows=follows, lifts={1: Lift(-3.0)}), NOW)

    assert chosen == [Choice(2, (GRAPHS,)), Choice(1, (GRAPHS, SOUND))]


def test_choose_leaves_out_what_was_sent_or_muted() -> None:
    ranking = [paper(1, heat=9), paper(2, heat=8), paper(3, heat=7)]

    assert ids(choose(Inputs(cap=5, follows=[RankedFollow(GRAPHS, ranking)], sent={1}, muted={2}), NOW)) == [3]


def test_choose_puts_picks_first_with_the_curators_note_and_the_readers_follows() -> None:
    cool, hot = paper(1, heat=1), paper(2, heat=9)

    chosen = choose(Inputs(cap=5, follows=[RankedFollow(GRAPHS, [hot, cool])], picks=[(cool, "Read this.")]), NOW)

    assert chosen == [Choice(1, (("pick", "Read this."), GRAPHS)), Choice(2, (GRAPHS,))]


def test_choose_sends_no_pick_twice() -> None:
    picked = paper(1, heat=1)

    assert choose(Inputs(cap=5, follows=[], picks=[(picked, "")], sent={1}), NOW) == []


def test_choose_lets_no_follow_take_more_than_half_while_another_has_papers() -> None:
    graphs = [paper(number, heat=100 - number) for number in range(1, 9)]
    sound = [paper(number, heat=50 - number) for number in range(11, 19)]

    chosen = choose(Inputs(cap=4, follows=[RankedFollow(GRAPHS, graphs), RankedFollow(SOUND, sound)]), NOW)

    assert ids(chosen) == [1, 2, 11, 12]


def test_choose_fills_up_from_one_follow_when_the_others_have_nothing() -> None:
    graphs = [paper(number, heat=100 - number) for number in range(1, 9)]

    chosen = choose(Inputs(cap=4, follows=[RankedFollow(GRAPHS, graphs), RankedFollow(SOUND, [])]), NOW)

    assert ids(chosen) == [1, 2, 3, 4]


def test_choose_is_empty_without_news_although_older_papers_are_left() -> None:
    old = [paper(1, announced_at=YESTERDAY - timedelta(hours=1))]

    assert choose(Inputs(cap=5, follows=[RankedFollow(GRAPHS, old)], last_digest_at=YESTERDAY), NOW) == []


def test_choose_with_news_also_offers_what_did_not_fit_before() -> None:
    old = paper(1, heat=5, announced_at=YESTERDAY - timedelta(hours=1))
    new = paper(2, heat=4, announced_at=NOW - timedelta(hours=1))

    assert ids(choose(Inputs(cap=5, follows=[RankedFollow(GRAPHS, [old, new])], last_digest_at=YESTERDAY), NOW)) == [
        1,
        2,
    ]


def test_choose_counts_a_paper_that_arrived_late_as_news() -> None:
    late = paper(1, announced_at=YESTERDAY - timedelta(days=1), added_at=NOW)

    assert ids(choose(Inputs(cap=5, follows=[RankedFollow(GRAPHS, [late])], last_digest_at=YESTERDAY), NOW)) == [1]


def test_choose_reaches_back_to_the_last_digest_however_long_ago() -> None:
    month_ago = NOW - timedelta(days=30)
    missed = paper(1, announced_at=month_ago + timedelta(hours=1))

    assert ids(choose(Inputs(cap=5, follows=[RankedFollow(GRAPHS, [missed])], last_digest_at=month_ago), NOW)) == [1]


def test_choose_begins_a_first_digest_at_the_newest_papers_of_a_catalogue_that_stands_still() -> None:
    half_a_year_ago = NOW - timedelta(days=180)
    newest = paper(1, heat=2, announced_at=half_a_year_ago)
    older = paper(2, heat=1, announced_at=half_a_year_ago - FIRST_WINDOW - timedelta(hours=1))

    assert ids(choose(Inputs(cap=5, follows=[RankedFollow(GRAPHS, [newest, older])]), NOW)) == [1]


@pytest.mark.parametrize(
    ("last", "now", "reason"),
    [
        ("2026-11-20T08:00", "2026-11-21T08:00", QUIET["weekend"]),
        ("2026-11-20T08:00", "2026-11-22T08:00", QUIET["weekend"]),
        ("2026-11-26T08:00", "2026-11-27T08:00", QUIET["holiday"]),
        ("2026-11-23T08:00", "2026-11-24T08:00", NOTHING_ANNOUNCED),
    ],
)
def test_reason_for_nothing_knows_the_calendar(last: str, now: str, reason: str) -> None:
    last_at, now_at = (datetime.fromisoformat(text).replace(tzinfo=NOW.tzinfo) for text in (last, now))

    assert reason_for_nothing(Inputs(5, [], last_digest_at=last_at, is_quiet_catalogue=True), now_at) == reason


def test_reason_for_nothing_tells_a_quiet_day_from_one_without_a_match() -> None:
    assert reason_for_nothing(Inputs(cap=5, follows=[], is_quiet_catalogue=True), NOW) == NOTHING_ANNOUNCED
    assert reason_for_nothing(Inputs(cap=5, follows=[], is_quiet_catalogue=False), NOW) == NOTHING_MATCHED


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


@st.composite
def follows(draw: st.DrawFn) -> Inputs:
    """Follows over one catalogue: a number is one paper wherever it stands."""
    catalogue = draw(st.lists(candidates, unique_by=lambda candidate: candidate.paper_id, max_size=30))
    rankings = draw(
        st.lists(st.lists(st.sampled_from(catalogue), unique=True) if catalogue else st.just([]), max_size=5)
    )
    some = st.sets(st.integers(min_value=1, max_value=40))
    return Inputs(
        cap=draw(st.integers(min_value=1, max_value=12)),
        follows=[
            RankedFollow(("topic", f"Topic {number}"), sorted(ranking, key=lambda one: (-one.heat, -one.paper_id)))
            for number, ranking in enumerate(rankings)
        ],
        picks=[(one, "note") for one in draw(st.lists(st.sampled_from(catalogue), unique=True, max_size=4))]
        if catalogue
        else [],
        sent=draw(some),
        muted=draw(some),
        lifts=draw(st.dictionaries(st.integers(min_value=1, max_value=40), lifts, max_size=12)),
        last_digest_at=draw(st.none() | st.just(YESTERDAY)),
    )


@examples(300)
@given(follows())
def test_choose_keeps_its_promises_whatever_is_wished(wanted: Inputs) -> None:
    chosen = choose(wanted, NOW)
    numbers = ids(chosen)

    assert len(numbers) == len(set(numbers)) <= wanted.cap
    assert not set(numbers) & (set(wanted.sent) | set(wanted.muted))
    assert all(choice.reasons for choice in chosen)
    assert choose(wanted, NOW) == chosen


@examples(200)
@given(follows(), st.integers(min_value=1, max_value=12))
def test_choose_never_leaves_room_while_a_wished_paper_is_left(wanted: Inputs, more: int) -> None:
    fuller = replace(wanted, cap=wanted.cap + more)

    assert len(choose(wanted, NOW)) == min(wanted.cap, len(choose(fuller, NOW)))


@examples(300)
@given(follows())
def test_opinions_change_the_order_and_nothing_else(wanted: Inputs) -> None:
    everything = replace(wanted, cap=100)

    with_opinions, without = choose(everything, NOW), choose(replace(everything, lifts={}), NOW)

    assert sorted(ids(with_opinions)) == sorted(ids(without))
    assert {choice.paper_id: [one for one in choice.reasons if one[0] != "like"] for choice in with_opinions} == {
        choice.paper_id: list(choice.reasons) for choice in without
    }
    assert [one for one in ids(with_opinions) if one not in wanted.lifts] == [
        one for one in ids(without) if one not in wanted.lifts
    ]
