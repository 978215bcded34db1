"""What the index holds of a paper."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import tantivy
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.search.schema import Record, by_age, by_heat, days, document, heat_of, stamp
from tests.factories import NOW
from tests.papersite.catalogue.search.held import Held, record

numbers = st.integers(1, 2**30 - 1)
heats = st.integers(-1_000_000, 1_000_000).map(lambda seconds: seconds / 3600)
moments = st.integers(0, 10**9).map(lambda seconds: NOW + timedelta(seconds=seconds - 5 * 10**8))


@given(heats, heats, numbers, numbers)
def test_by_heat_puts_the_hotter_above_and_tells_equal_ones_apart(one: float, two: float, a: int, b: int) -> None:
    assert (by_heat(one, a) < by_heat(two, b)) is ((one, a) < (two, b))


@given(moments, moments, numbers, numbers)
def test_by_age_puts_the_newer_above_and_tells_equal_ones_apart(one: Any, two: Any, a: int, b: int) -> None:
    assert (by_age(one, a) < by_age(two, b)) is ((one, a) < (two, b))


@given(heats, numbers)
def test_heat_of_is_the_heat_in_a_place(heat: float, paper_id: int) -> None:
    assert heat_of(by_heat(heat, paper_id)) == pytest.approx(heat, abs=1e-6)


def test_days_count_one_a_day() -> None:
    assert days(date(2026, 3, 1)) - days(date(2026, 2, 28)) == 1


OTHERS: dict[str, Any] = {
    "paper_id": 2, "title": "b", "abstract": "b", "summary": "b", "authors": ["b"], "categories": ["b"],
    "topics": ["b"], "identifiers": ["b"], "has_code": True, "announced_at": NOW + timedelta(microseconds=1),
    "heat": 1000.000001,
}  # fmt: skip


@pytest.mark.parametrize("field", Record.__slots__)
def test_stamp_differs_with_any_field(field: str) -> None:
    assert stamp(replace(record(), **{field: OTHERS[field]})) != stamp(record())
    assert stamp(record()) == stamp(record())


def test_stamp_tells_fields_apart_that_hold_the_same_together() -> None:
    assert stamp(record(title="ab", abstract="c")) != stamp(record(title="a", abstract="bc"))
    assert stamp(record(authors=["a b"])) != stamp(record(authors=["a", "b"]))


def terms(source: Held, field: str) -> list[str]:
    return [word for word, _ in source.searcher.terms_with_prefix(field, "")]


def test_document_holds_words_names_and_values_each_in_its_form() -> None:
    source = Held(
        record(
            5, "Graph Networks", abstract="Learned", summary="Shortly", authors=["Bo Díaz"],
            categories=["cs.LG", "cs.AI"], topics=["graph-learning"], identifiers=["2605.29801", "10.1000/XYZ"],
        )
    )  # fmt: skip

    held = {
        field: sorted(terms(source, field))
        for field in ("title", "word", "text", "stem", "author", "category", "archive", "topic", "identifier")
    }

    assert held == {
        "title": ["graph", "network"], "word": ["graph", "networks"],
            "text": ["graph", "learned", "networks", "shortly"],
            "stem": ["graph", "learn", "network", "short"],
        "author": ["bo", "diaz"], "category": ["cs.ai", "cs.lg"], "archive": ["cs"], "topic": ["graph-learning"],
        "identifier": ["10.1000/xyz", "2605.29801"],
    }  # fmt: skip


def test_document_counts_the_day_in_utc() -> None:
    late = NOW.replace(hour=23).astimezone(NOW.tzinfo)
    source = Held(record(1, announced_at=late), record(2, announced_at=late + timedelta(hours=2)))

    hits = source.searcher.search(tantivy.Query.all_query(), 2, order_by_field="day").hits

    assert [day for day, _ in hits] == [days(NOW.date()) + 1, days(NOW.date())]


@given(st.text(max_size=50), st.text(max_size=50), st.lists(st.text(max_size=20), max_size=3))
def test_document_takes_any_text(title: str, abstract: str, authors: list[str]) -> None:
    assert not document(record(1, title, abstract=abstract, authors=authors)).is_empty
