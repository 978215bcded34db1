"""Stored heat in step with signals and weights."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papersite.catalogue.heat.scoring import heat_of, parts_of, preview, rescore, weights
from papersite.catalogue.models import Paper, SignalWeight
from papersite.catalogue.trending import DEFAULT_WEIGHTS, MOST_PROMISE
from tests.factories import NOW, PaperFactory

pytestmark = pytest.mark.django_db


def test_weights_are_rows_from_the_start_and_hold_what_a_curator_sets() -> None:
    import_module("papersite.catalogue.migrations.0002_weights").create_weights(apps, None)
    import_module("papersite.catalogue.migrations.0012_promise").create_weight(apps, None)
    assert dict(SignalWeight.objects.values_list("signal", "hours")) == DEFAULT_WEIGHTS == weights()

    SignalWeight.objects.update_or_create(signal="hf_upvotes", defaults={"hours": 2})

    assert weights() == {**DEFAULT_WEIGHTS, "hf_upvotes": 2}


def test_rescore_moves_only_the_papers_whose_place_changed() -> None:
    voted = PaperFactory.create(vote_count=3)
    PaperFactory.create()
    before = voted.heat
    SignalWeight.objects.update_or_create(signal="vote_count", defaults={"hours": 24})

    assert rescore() == (2, 1)
    assert Paper.objects.get(pk=voted.pk).heat == pytest.approx(before + 24)
    assert rescore() == (2, 0)


def test_parts_of_leaves_out_what_the_paper_does_not_have() -> None:
    parts = parts_of(PaperFactory.create(vote_count=3))

    assert [(part.signal, part.count, part.hours) for part in parts] == [("vote_count", 3, 24.0)]


def test_heat_of_counts_a_curators_boost_and_every_signal() -> None:
    plain = PaperFactory.create()
    paper = PaperFactory.create(vote_count=1, hf_upvotes=3, github_week=7, boost=-5)

    assert heat_of(paper, weights()) == pytest.approx(plain.heat + 12 + 8 + 9 - 5)


def test_rescore_in_batches_is_the_same() -> None:
    first, *_ = PaperFactory.create_batch(3)
    Paper.objects.update(heat=0)

    # Two batches or three, wherever the numbers of papers stand.
    assert rescore(batch=first.pk) == (3, 3)
    assert rescore(batch=first.pk) == (3, 0)


signals = st.none() | st.integers(0, 2**31 - 1)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 10**6), signals, signals, st.none() | st.floats(0, MOST_PROMISE), st.floats(-1000, 1000),
    st.datetimes(datetime(1991, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)),
)  # fmt: skip
def test_the_database_computes_the_formula_as_python_does(  # noqa: PLR0917  given by hypothesis
    votes: int, upvotes: int | None, week: int | None, promise: float | None, boost: float, announced_at: datetime
) -> None:
    paper = PaperFactory.create(
        vote_count=votes, hf_upvotes=upvotes, github_week=week, promise=promise, boost=boost,
        announced_at=announced_at, heat=-1e9,
    )  # fmt: skip

    rescore()

    paper.refresh_from_db()
    assert paper.heat == pytest.approx(heat_of(paper, weights()), abs=1e-5)
    assert rescore()[1] == 0
    paper.delete()


@pytest.mark.parametrize("count", [1, 30])
def test_rescore_is_a_few_statements_however_many_papers(count: int, django_assert_num_queries: Any) -> None:
    PaperFactory.create_batch(count)
    Paper.objects.update(heat=0)

    with django_assert_num_queries(7):
        assert rescore() == (count, count)


def test_preview_shows_an_order_and_changes_nothing() -> None:
    upvoted = PaperFactory.create(hf_upvotes=63, announced_at=NOW - timedelta(hours=30))
    voted = PaperFactory.create(vote_count=1)
    PaperFactory.create(announced_at=NOW - timedelta(days=30), vote_count=10**6)

    now = preview(weights(), timedelta(days=14))
    other = preview({"vote_count": 0, "hf_upvotes": 40, "github_week": 0}, timedelta(days=14))

    assert [(move.paper.pk, move.place, move.place_now, move.words) for move in now] == [
        (voted.pk, 1, 1, ""), (upvoted.pk, 2, 2, ""),
    ]  # fmt: skip
    assert [(move.paper.pk, move.words) for move in other] == [(upvoted.pk, "up 1"), (voted.pk, "down 1")]
    assert Paper.objects.get(pk=voted.pk).heat == pytest.approx(voted.heat)
