"""Words as search sees them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.search.words import fold, stem, stems, words


@pytest.mark.parametrize(
    ("text", "folded"), [("Schrödinger", "schrodinger"), ("ÉCOLE", "ecole"), ("Straße", "strasse"), ("ﬁne", "fine")]
)
def test_fold_takes_away_case_and_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_fold_twice_is_fold_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_stem_brings_forms_of_a_word_together() -> None:
    assert stem("networks") == stem("network")
    assert stem("learned") == stem("learning")


def test_stems_parts_words_at_hyphens_and_punctuation_in_order() -> None:
    assert stems("Self-Supervised learning, (2026)!") == ["self", "supervis", "learn", "2026"]


@given(st.text())
def test_fold_takes_case_away(text: str) -> None:
    assert fold(text.upper()) == fold(text.upper().lower())


@given(st.text())
def test_words_stay_themselves_when_read_again(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)


@given(st.text(), st.text())
def test_stems_of_two_texts_are_those_of_each_in_order(first: str, second: str) -> None:
    assert stems(f"{first} {second}") == stems(first) + stems(second)
