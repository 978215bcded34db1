"""What did not fit, as text and back."""

from hypothesis import given
from hypothesis import strategies as st

from digest.ledger import remainders
from digest.types import MOST_COUNTED, Remainder

held = st.builds(
    Remainder,
    kind=st.sampled_from(["topic", "author", "search", "trending"]),
    label=st.text(max_size=30),
    papers=st.integers(1, MOST_COUNTED),
    waited=st.integers(0, 400),
)


@given(st.lists(held, max_size=30))
def test_what_was_written_is_read_again(left: list[Remainder]) -> None:
    assert remainders.loads(remainders.dumps(left)) == left


def test_a_mail_from_before_it_was_kept_left_nothing() -> None:
    assert remainders.loads(None) == remainders.loads("") == []


def test_five_topics_take_little_room() -> None:
    left = [Remainder("topic", f"Learning of kind {number}", 37) for number in range(5)]

    assert len(remainders.dumps(left).encode()) < 200
