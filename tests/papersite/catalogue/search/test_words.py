"""Words as search sees them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.search.words import fold, plain, spellings, stem, stems, words


@pytest.mark.parametrize(
    ("text", "folded"), [("Schrödinger", "schrodinger"), ("ÉCOLE", "ecole"), ("Straße", "strasse"), ("ﬁne", "fine")]
)
def test_fold_takes_away_case_and_accents(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert words(text) == [folded]


@given(st.text())
def test_fold_twice_is_fold_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_plain_letters_are_those_of_the_keyboard() -> None:
    assert [plain(text) for text in ("𝑨", "ﬁne", "E\u0301cole")] == ["A", "fine", "École"]


def test_stem_brings_forms_of_a_word_together() -> None:
    assert stem("networks") == stem("network")
    assert stem("learned") == stem("learning")


def test_stem_of_no_word_is_nothing() -> None:
    assert [stem(text) for text in ("", "--", "x" * 100)] == ["", "", ""]


@pytest.mark.parametrize("name", ["schroedinger", "goedel", "moebius"])
def test_a_name_typed_without_its_mark_is_the_same(name: str) -> None:
    marked = name.replace("oe", "o")

    assert set(spellings(name)) == set(spellings(marked)) == {stem(name), stem(marked)}


def test_stems_parts_words_at_hyphens_and_punctuation_in_order() -> None:
    assert stems("Self-Supervised learning, (2026)!") == ["self", "supervis", "learn", "2026"]


def test_words_keep_their_endings() -> None:
    assert words("Self-Supervised learning, (2026)!") == ["self", "supervised", "learning", "2026"]


def test_words_that_no_language_has_are_left_out() -> None:
    assert words(f"graph {'x' * 100} network") == ["graph", "network"]


@pytest.mark.parametrize(
    ("american", "british"),
    [("optimization", "optimisation"), ("behavior", "behaviour"), ("centers", "centres"), ("fibers", "fibres")],
)
def test_spellings_of_both_sides_of_the_ocean_are_tried_the_own_one_first(american: str, british: str) -> None:
    assert spellings(american) == (stem(american), stem(british))
    assert spellings(british) == (stem(british), stem(american))


@pytest.mark.parametrize("word", ["graph", "network"])
def test_spellings_of_most_words_are_one(word: str) -> None:
    assert spellings(word) == (stem(word),)


@given(st.text())
def test_fold_takes_case_away(text: str) -> None:
    assert fold(text.upper()) == fold(text.upper().lower())


@given(st.text())
def test_words_stay_themselves_when_read_again(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)


@pytest.mark.parametrize("letter", "İƦǤǥɢʀ")
def test_words_of_rare_letters_are_found_by_their_stems(letter: str) -> None:
    assert [stem(word) for word in words(f"{letter}raph")] == stems(f"{letter}raph")


@given(st.text(), st.text())
def test_stems_of_two_texts_are_those_of_each_in_order(first: str, second: str) -> None:
    assert stems(f"{first} {second}") == stems(first) + stems(second)
