"""The choice of papers: pure, so that its promises can be tried on anything."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.choosing.assembly import (
    FIRST_WINDOW,
    NOTHING_ANNOUNCED,
    NOTHING_MATCHED,
    QUIET,
    choose,
    reason_for_nothing,
    remainders,
    window_start,
)
from digest.types import MOST_COUNTED, Candidate, Choice, Inputs, Lift, RankedFollow, Reason, Remainder
from tests.conftest import examples
from tests.factories import NOW

GRAPHS = ("topic", "Graphs")
SOUND = ("topic", "Sound")
TRENDING = ("trending", "Trending overall")
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


def topic(name: str, numbers: range, *, heat: float) -> RankedFollow:
    """A topic with so many papers, the first of which is as hot as that, and each other a little less."""
    return RankedFollow(("topic", name), [paper(number, heat=heat - number / 1000) for number in numbers])


def test_choose_gives_a_place_to_the_topic_that_others_outshine() -> None:
    """Somebody subscribed on the page of Graph learning, and then added two hotter topics."""
    graphs = topic("Graph learning", range(10), heat=10)
    hotter = [topic("Agents", range(100, 140), heat=90), topic("Interpretability", range(200, 240), heat=80)]

    chosen = choose(Inputs(cap=10, follows=[graphs, *hotter]), NOW)

    assert [choice.reasons[0][1] for choice in chosen] == ["Agents"] * 5 + ["Interpretability"] * 4 + ["Graph learning"]


def test_choose_lets_trending_overall_take_no_place_of_a_topic() -> None:
    topics = [topic("Agents", range(100, 140), heat=90), topic("Graph learning", range(10), heat=10)]
    hottest = sorted([*topics[0].ranking, *topic("", range(200, 240), heat=95).ranking], key=lambda one: -one.heat)
    everything = RankedFollow(TRENDING, hottest)

    chosen = choose(Inputs(cap=6, follows=[everything, *topics]), NOW)

    assert [choice.reasons for choice in chosen] == [(TRENDING,)] * 3 + [(topics[0].reason,)] * 2 + [
        (topics[1].reason,)
    ]


def test_choose_gives_trending_overall_a_place_of_its_own() -> None:
    trending = RankedFollow(TRENDING, [paper(1, heat=1)])

    chosen = choose(Inputs(cap=3, follows=[trending, topic("Agents", range(100, 140), heat=90)]), NOW)

    assert ids(chosen) == [100, 101, 1]


def test_choose_counts_a_pick_as_the_place_of_its_follow() -> None:
    graphs, sound = topic("Graphs", range(1, 9), heat=9), topic("Sound", range(11, 19), heat=5)

    chosen = choose(Inputs(cap=2, follows=[graphs, sound], picks=[(graphs.ranking[5], "")]), NOW)

    assert ids(chosen) == [6, 11]


def test_choose_names_the_narrowest_follow_first_and_trending_overall_only_where_nothing_else_is_followed() -> None:
    one = paper(1)
    reasons = [TRENDING, GRAPHS, ("search", "graph"), SOUND, ("author", "Ada Byron")]

    (choice,) = choose(Inputs(cap=5, follows=[RankedFollow(reason, [one]) for reason in reasons]), NOW)
    (trending,) = choose(Inputs(cap=5, follows=[RankedFollow(TRENDING, [one])]), NOW)

    assert choice.reasons == (("author", "Ada Byron"), ("search", "graph"), GRAPHS, SOUND)
    assert trending.reasons == (TRENDING,)


def test_choose_begins_with_those_that_waited_longest_where_not_all_have_a_place() -> None:
    follows = [topic(str(number), range(10 * number, 10 * number + 9), heat=90 - 10 * number) for number in range(5)]
    waited = {follows[4].reason: 2, follows[3].reason: 1, follows[2].reason: 1}

    assert ids(choose(Inputs(cap=3, follows=follows), NOW)) == [0, 10, 20]
    assert ids(choose(Inputs(cap=3, follows=follows, waited=waited), NOW)) == [20, 30, 40]


def test_remainders_say_what_each_follow_had_beside_and_who_waits() -> None:
    follows = [
        topic("Graphs", range(1, 10), heat=9),
        topic("Sound", range(11, 20), heat=8),
        topic("Wide", range(100, 500), heat=7),
        RankedFollow(TRENDING, [paper(1, heat=9), paper(30, heat=1)]),
        topic("Empty", range(0), heat=0),
    ]
    inputs = Inputs(
        cap=2, follows=follows, sent={3}, muted={4, 12}, waited={follows[1].reason: 1, follows[2].reason: 1}
    )

    chosen = choose(inputs, NOW)

    assert ids(chosen) == [11, 100]
    assert remainders(inputs, chosen, NOW) == [
        Remainder("topic", "Graphs", 7, 1),
        Remainder(*TRENDING, 2, 1),
        Remainder("topic", "Wide", MOST_COUNTED),
        Remainder("topic", "Sound", 7),
    ]


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
    return inputs.cap - len({one.paper_id for one, _ in inputs.picks} - {*inputs.sent, *inputs.muted})


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
    picked = [one.paper_id for one, _ in inputs.picks if one.paper_id not in {*inputs.sent, *inputs.muted}]
    heat = {one.paper_id: one.heat for follow in inputs.follows for one in follow.ranking}
    moved = {
        number: hot + (inputs.lifts[number].hours if number in inputs.lifts else 0) for number, hot in heat.items()
    }

    found = ids(choose(inputs, NOW))

    rest = found[len(picked) :]
    assert found[: len(picked)] == picked[: inputs.cap]
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
    fuller = replace(inputs, cap=inputs.cap + more)

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
