"""A month as bytes and back."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.ledger import codec
from digest.ledger.codec import Entry

BIG = 2**62
# Two papers of one mail.
FIRST_VERSION = (
    "0178da63626060b00462cdff0c28909d0115dc67f064e0461660445380c68f8e8e562ac92fc84c56d251722f4a2cc828568a"
    "8dd5c122a813ad0414c8068a1c5e0954120b00db051c78"
)

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
        remainders=st.none() | st.text(max_size=40),
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


def test_a_month_that_was_packed_before_remainders_were_kept_is_read() -> None:
    packed = bytes.fromhex(FIRST_VERSION)

    assert codec.decode(packed) == [
        Entry(7, date(2026, 7, 10), 0, 41, [["topic", "Graphs"]]),
        Entry(7, date(2026, 7, 10), 1, 40, [["topic", "Graphs"], ["pick", "é"]]),
    ]
    assert codec.decode_papers(packed) == [41, 40]


@pytest.mark.parametrize("held", [b"", b"\x02nothing of ours", b"\x01nothing of ours", b"\x03"])
def test_bytes_of_another_kind_are_refused(held: bytes) -> None:
    with pytest.raises(codec.Unreadable):
        codec.decode(held)
