"""The choice of papers, by examples."""

from datetime import datetime, timedelta

import pytest

from digest.choosing.assembly import (
    FIRST_WINDOW,
    NOTHING_ANNOUNCED,
    NOTHING_MATCHED,
    QUIET,
    choose,
    reason_for_nothing,
    remainders,
)
from digest.types import MOST_COUNTED, Candidate, Choice, Inputs, Lift, RankedFollow, Remainder
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

    assert chosen == [Choice(2, (GRAPHS,)), Choice(1, (SOUND, GRAPHS))]


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


def test_choose_names_of_several_topics_the_narrowest_first() -> None:
    one, two, old = paper(1), paper(2), paper(3, announced_at=NOW - timedelta(days=300))
    wide, narrow = ("topic", "Agents"), ("topic", "World models")
    # What came long ago makes no topic wide.
    follows = [RankedFollow(wide, [one, two]), RankedFollow(narrow, [one, old])]

    chosen = choose(Inputs(cap=5, follows=follows, last_digest_at=YESTERDAY), NOW)

    assert {choice.paper_id: choice.reasons for choice in chosen} == {1: (narrow, wide), 2: (wide,)}


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
