"""A month as bytes and back."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.ledger import codec
from digest.ledger.codec import Entry

BIG = 2**62

reasons = st.lists(
    st.tuples(st.sampled_from(["topic", "author", "search", "pick"]), st.text(max_size=30)).map(list), max_size=4
)
entries = st.lists(
    st.builds(
        Entry,
        delivery_id=st.integers(1, BIG),
        day=st.dates(),
        position=st.integers(0, 32767),
        paper_id=st.integers(1, BIG),
        reasons=reasons,
    ),
    unique_by=lambda entry: (entry.delivery_id, entry.position),
    max_size=40,
)


@given(entries)
def test_what_was_packed_comes_out_again_by_delivery_and_position(held: list[Entry]) -> None:
    ordered = sorted(held, key=lambda entry: (entry.delivery_id, entry.position))

    assert codec.decode(codec.encode(held)) == ordered
    assert codec.decode_papers(codec.encode(held)) == [entry.paper_id for entry in ordered]


def test_a_month_of_daily_mails_takes_less_than_a_tenth_of_its_numbers() -> None:
    month = [
        Entry(10**6 * day, date(2026, 8, 1) + timedelta(day), place, 300_000 + 500 * day - 7 * place, [["topic", "A"]])
        for day in range(30)
        for place in range(12)
    ]

    assert len(codec.encode(month)) < 360 * 5 * 8 / 10


@pytest.mark.parametrize("held", [b"", b"\x02nothing of ours"])
def test_bytes_of_another_kind_are_refused(held: bytes) -> None:
    with pytest.raises(codec.Unreadable):
        codec.decode(held)
