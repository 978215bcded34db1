"""The formula's promises."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.trending import EPOCH, MOST_PROMISE, PROMISE, Part, heat, hours, parts, promised

WEIGHTS = {"vote_count": 12.0, "hf_upvotes": 6.0}
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
counts = st.integers(min_value=0, max_value=10**6)
moments = st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


def test_heat_without_signals_is_the_hour_of_announcement() -> None:
    assert heat(EPOCH + timedelta(hours=5), {}, WEIGHTS) == 5


def test_heat_adds_the_curators_hours() -> None:
    assert heat(EPOCH, {}, WEIGHTS, boost=-7.5) == -7.5


@pytest.mark.parametrize("signal", [None, 0])
def test_heat_takes_an_unknown_signal_as_nothing(signal: int | None) -> None:
    assert heat(NOON, {"hf_upvotes": signal}, WEIGHTS) == heat(NOON, {}, WEIGHTS)


@given(moments, counts)
def test_each_doubling_counts_its_weight_in_hours(moment: datetime, votes: int) -> None:
    doubled = 2 * (1 + votes) - 1

    more = heat(moment, {"vote_count": doubled}, WEIGHTS) - heat(moment, {"vote_count": votes}, WEIGHTS)

    assert more == pytest.approx(12.0)


@given(moments, moments, counts, counts, st.integers(0, 1000).map(lambda weeks: timedelta(weeks=weeks)))
def test_two_papers_stand_alike_in_whichever_week_they_are_announced(
    first: datetime, second: datetime, votes: int, upvotes: int, later: timedelta
) -> None:
    def lead(shift: timedelta) -> float:
        return heat(first + shift, {"vote_count": votes}, WEIGHTS) - heat(
            second + shift, {"hf_upvotes": upvotes}, WEIGHTS
        )

    assert lead(later) == pytest.approx(lead(timedelta(0)), abs=1e-4)


@given(moments, counts)
def test_more_of_a_signal_is_hotter(moment: datetime, votes: int) -> None:
    assert heat(moment, {"vote_count": votes + 1}, WEIGHTS) > heat(moment, {"vote_count": votes}, WEIGHTS)


def test_parts_say_what_a_place_is_made_of() -> None:
    assert parts({"vote_count": 3, "hf_upvotes": None}, WEIGHTS) == [
        Part("vote_count", 3, 24.0),
        Part("hf_upvotes", 0, 0.0),
    ]


@given(moments, st.fixed_dictionaries({"vote_count": counts, "hf_upvotes": counts}), st.sampled_from(sorted(WEIGHTS)))
def test_each_signal_is_weighed_by_its_doublings_whatever_the_others_are(
    moment: datetime, signals: dict[str, int], name: str
) -> None:
    doubled = {**signals, name: 2 * (1 + signals[name]) - 1}

    assert heat(moment, doubled, WEIGHTS) - heat(moment, signals, WEIGHTS) == pytest.approx(WEIGHTS[name])


@given(moments, st.fixed_dictionaries({"vote_count": counts, "hf_upvotes": counts}), st.sampled_from(sorted(WEIGHTS)))
def test_heat_grows_with_every_signal(moment: datetime, signals: dict[str, int], name: str) -> None:
    more = {**signals, name: signals[name] + 1}

    assert heat(moment, more, WEIGHTS) > heat(moment, signals, WEIGHTS)


def test_a_signal_without_weight_moves_nothing() -> None:
    assert heat(NOON, {"github_stars": 9000}, WEIGHTS) == heat(NOON, {}, WEIGHTS)


def test_a_weekend_does_not_cool_fridays_papers() -> None:
    thursday, friday, monday = (datetime(2026, 11, day, 1, tzinfo=UTC) for day in (19, 20, 23))

    assert hours(friday) - hours(thursday) == hours(monday) - hours(friday) == 24
    assert hours(datetime(2026, 11, 21, tzinfo=UTC)) == hours(datetime(2026, 11, 22, 23, tzinfo=UTC))


@given(moments, moments)
def test_later_is_never_less(first: datetime, second: datetime) -> None:
    earlier, later = sorted((first, second))

    assert 0 <= hours(later) - hours(earlier) <= (later - earlier).total_seconds() / 3600 + 1e-3


promises = st.floats(0, MOST_PROMISE)
weights = st.fixed_dictionaries(
    {"vote_count": st.floats(0, 50), "hf_upvotes": st.floats(0, 50), PROMISE: st.floats(0, 50)}
)


@given(moments, counts, counts, promises, weights, st.integers(1, 1000))
def test_a_promise_fades_as_a_paper_earns_and_earning_never_lowers_it(  # noqa: PLR0917  given by hypothesis
    moment: datetime, votes: int, upvotes: int, promise: float, given: dict[str, float], more: int
) -> None:
    before = {"vote_count": votes, "hf_upvotes": upvotes, PROMISE: promise}
    after = before | {"vote_count": votes + more}

    assert 0 <= promised(after, given) <= promised(before, given) <= given[PROMISE] * promise
    assert heat(moment, after, given) >= heat(moment, before, given) - 1e-6


@given(moments, moments, promises, promises, st.integers(0, 1000).map(lambda weeks: timedelta(weeks=weeks)))
def test_time_alone_fades_no_promise(
    first: datetime, second: datetime, one: float, other: float, later: timedelta
) -> None:
    def lead(shift: timedelta) -> float:
        return heat(first + shift, {PROMISE: one}, {PROMISE: 2.0}) - heat(
            second + shift, {PROMISE: other}, {PROMISE: 2.0}
        )

    assert lead(later) == pytest.approx(lead(timedelta(0)), abs=1e-4)


@pytest.mark.parametrize(("votes", "left"), [(0, 6.0), (1, 6.0 * 16 / 28)])
def test_promise_is_halved_once_a_paper_earned_eight_times_its_weight(votes: int, left: float) -> None:
    assert promised({PROMISE: 3.0, "vote_count": votes}, {PROMISE: 2.0, "vote_count": 12.0}) == pytest.approx(left)


def test_promise_without_weight_or_unknown_is_nothing() -> None:
    assert promised({PROMISE: 3.0}, {PROMISE: 0.0}) == promised({PROMISE: None}, {PROMISE: 2.0}) == 0
