"""Names of TeX in Unicode."""

import pytest

from papersite.catalogue.sources.tex.symbols import in_alphabet, in_script, kind, sign


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("alpha", "α"),
        ("leq", "≤"),
        ("sim", "∼"),
        ("colon", ":"),
        ("log", "log"),
        ("argmax", "arg max"),
        ("R", "ℝ"),
        ("ours", ""),
    ],
)
def test_sign(name: str, shown: str) -> None:
    assert sign(name) == shown


@pytest.mark.parametrize(
    ("shown", "how"), [("≤", "rel"), ("×", "bin"), ("∑", "big"), ("⟨", "open"), ("α", "ord"), ("→", "rel")]
)
def test_kind(shown: str, how: str) -> None:
    assert kind(shown) == how


def test_alphabets_have_the_old_letters_and_the_new_ones() -> None:
    assert in_alphabet("mathbb", "RX1") == "ℝ𝕏𝟙"
    assert in_alphabet("mathcal", "LP+") == "ℒ𝒫+"
    assert in_alphabet("mathfrak", "Cg") == "ℭ𝔤"


def test_a_script_is_all_of_a_text_or_nothing() -> None:
    assert (in_script("^", "n+1"), in_script("_", "max"), in_script("^", "θ"), in_script("_", "b")) == (
        "ⁿ⁺¹",
        "ₘₐₓ",
        "",
        "",
    )
