"""Words that are written in more ways than one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.search.compounds import also_written, halves, signed, without_sign
from papersite.catalogue.search.words import LONGEST


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("a multi-modal model", ["multimodal"]),
        ("t-SNE, text-to-image!", ["tSNE", "texttoimage"]),
        ("GPT‐4 and l_1 or x^2", ["GPT4", "l1", "x2"]),
        ("in C++ or C#.", ["Cplusplus", "Csharp"]),
        ("k-means++", ["kmeans", "kmeansplusplus"]),
        ("the .NET and (.NET)", ["dotNET", "dotNET"]),
        ("nothing here. - Of note", []),
        ("page#section a++b", []),
        ("", []),
    ],
)
def test_also_written_are_other_spellings(text: str, others: list[str]) -> None:
    assert sorted(also_written(text)) == sorted(others)


@pytest.mark.parametrize(
    ("word", "base"), [("kmeansplusplus", "kmeans"), ("cplusplus", ""), ("csharp", ""), ("graph", "")]
)
def test_without_sign_is_the_name_of_a_method(word: str, base: str) -> None:
    assert without_sign(word) == base


def test_what_is_too_long_for_a_word_has_no_other_spelling() -> None:
    assert also_written("-".join(["word"] * 20)) == []


@pytest.mark.parametrize(
    ("text", "names", "rest"),
    [("C++", ["cplusplus"], ""), ("C++17", ["cplusplus"], "17"), ("F#", ["fsharp"], ""), (".NET", ["dotnet"], ""),
     ("C++ templates", ["cplusplus"], "templates"), ("graph", [], "graph"), ("C+", [], "C+")],
)  # fmt: skip
def test_signed_takes_names_with_signs_out_of_a_text(text: str, names: list[str], rest: str) -> None:
    found, left = signed(text)

    assert (found, left.strip()) == (names, rest)


@pytest.mark.parametrize(
    ("word", "pair"), [("multimodal", ("multi", "modal")), ("gpt4", ("gpt", "4")), ("3d", ("3", "d")),
        ("tsne", ("t", "sne")), ("ecommerce", ("e", "commerce"))],
)  # fmt: skip
def test_halves_of_a_word_hold_the_right_ones(word: str, pair: tuple[str, str]) -> None:
    assert pair in halves(word)


@pytest.mark.parametrize("word", ["into", "another", "a", "graphs"])
def test_little_words_and_endings_are_no_halves(word: str) -> None:
    assert not {("in", "to"), ("an", "other"), ("graph", "s")} & set(halves(word))


@given(st.text(alphabet="ab-_^+#. é1", max_size=80))
def test_other_spellings_are_whole_words_of_bearable_length(text: str) -> None:
    assert all(one and len(one) <= LONGEST and one.isalnum() for one in also_written(text))
