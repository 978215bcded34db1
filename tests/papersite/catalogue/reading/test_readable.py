"""What is read from a source's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.reading.readable import excerpt, harmless, markup, one_line, read, readable, sentence_with
from tests.costs import least_seconds

PIECES = st.lists(
    st.sampled_from(
        ["$x^2$", "\\emph{a}", "<i>b</i>", "\u202e", "\uffff", "\ue100", "\x07", " \n", "--", "c", "{", "\\"]
    ),
    max_size=12,
)


@given(PIECES)
def test_readable_twice_is_readable_once(parts: list[str]) -> None:
    once = readable("".join(parts))

    assert readable(once) == once
    assert one_line(once) == once


@given(PIECES)
def test_a_line_is_read_as_its_text_and_its_markup_are(parts: list[str]) -> None:
    line = one_line("".join(parts))

    assert read(line) == (readable(line), markup(line))


@pytest.mark.parametrize(
    "character", ["\uffff", "\ufffe", "\U0001ffff", "\ufdd0", "\ue000", "\u202e", "\u2066", "\x07", "\ufeff", "\u200f"]
)
def test_what_is_no_character_or_turns_the_text_goes(character: str) -> None:
    assert harmless(f"a{character}b") == "ab"


def test_words_of_other_scripts_stay() -> None:
    for text in ("שלום עולם", "مرحبا", "你好，世界", "ありがとう", "n\u0303 e\u0301", "👩\u200d🔬"):
        assert readable(text) == text


def test_an_excerpt_is_text_and_markup_of_the_same_sentences() -> None:
    source = "Much is known. " * 8 + r"We show that $x^2 > 1$ for <i>all</i> x. " + "More is said of it here. " * 12

    text, in_html = excerpt("", source)

    assert "We show that x² > 1 for all x." in text
    assert (
        "We show that <math><msup><mi>x</mi><mn>2</mn></msup><mo>&gt;</mo><mn>1</mn></math> for <i>all</i> x."
        in in_html
    )


def test_a_summary_is_its_own_excerpt_in_whole_sentences() -> None:
    assert excerpt("It works. It is quick.", "Other words.") == ("It works. It is quick.", "")


def test_sentence_with_reads_formulas_as_they_are_shown() -> None:
    found = sentence_with(r"First one. Then $\ell_1$ comes.", lambda text: "ℓ₁" in text)

    assert found is not None
    assert found[0] == "… Then ℓ₁ comes."
    assert "<math>" in found[1]


@pytest.mark.parametrize("piece", ["$x^2$ ", "{", "\\emph{a ", "a. ", "$\\frac{", "<sub>", "~a", "--", "\\(", "``"])
def test_a_long_text_takes_no_time(piece: str) -> None:
    text = (piece * 20_000)[:20_000]

    assert least_seconds(lambda: (readable(text), markup(text), excerpt("", text)), enough=1) < 1
