"""Authors of one raw text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.sources.names import split


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        (r"Ada Byron, Bo Forkel and Mirko M\"ahlisch", ("Ada Byron", "Bo Forkel", "Mirko Mählisch")),
        ("A. B. Smith (1), C. Doe (1 and 2) ((1) MIT, Cambridge, USA, (2) ETH)", ("A. B. Smith", "C. Doe")),
        ("John Doe, Jr., Ann Lee III, Bo Ek", ("John Doe Jr.", "Ann Lee III", "Bo Ek")),
        ("The X Collaboration: G. Aad, B. Abbott, et al. (2900 more)", ("The X Collaboration", "G. Aad", "B. Abbott")),
        ("M. Roe for the Y Collaboration", ("M. Roe",)),
        ("A, B, and C; D & E,", ("A", "B", "C", "D", "E")),
        ("Anderson Sandberg, Andy Land", ("Anderson Sandberg", "Andy Land")),
        ("Ada Byron*, Bo Ek†, Ada Byron", ("Ada Byron", "Bo Ek")),
        ("A (B, C", ("A B", "C")),
        ("  \n , 1, ()", ()),
    ],
)  # fmt: skip
def test_split(raw: str, names: tuple[str, ...]) -> None:
    assert split(raw) == names


@given(st.text())
def test_split_never_fails_and_gives_tidy_names(raw: str) -> None:
    found = split(raw)

    assert all(name == " ".join(name.split()) and name for name in found)
    assert len(set(found)) == len(found)


@given(
    st.lists(st.sampled_from(["Ada Byron", "Bo Ek", "Cy Lee", "Di Ma"]), unique=True),
    st.sampled_from([", ", "; ", " and "]),
)
def test_split_finds_the_names_that_were_joined(names: list[str], by: str) -> None:
    assert split(by.join(names)) == tuple(names)


@pytest.mark.parametrize("piece", ["(", ")", ",", " ", "a,", "\\'", "and "])
def test_a_long_text_takes_no_time(piece: str) -> None:
    start = time.process_time()

    split(piece * (100_000 // len(piece)))

    assert time.process_time() - start < 5


def test_five_thousand_authors_are_split() -> None:
    assert len(split(", ".join(f"Author A{'b' * number}" for number in range(1, 500)))) == 499
