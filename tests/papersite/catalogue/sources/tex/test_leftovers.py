"""Quotes, dashes, braces and entities; more of them among the cases of test_words.py."""

import pytest

from papersite.catalogue.sources.tex import leftovers
from tests.costs import least_seconds


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("``one'' and ``two\"", "“one” and “two”"),
        ("\"one'' and ''it's two''", "“one” and “it's two”"),
        ("`one' and `it's two'", "‘one’ and ‘it's two’"),
        ("a \"b\" 'c' `d`, f''(x) is 5''", "a \"b\" 'c' `d`, f''(x) is 5''"),
    ],
)
def test_with_quotes(typed: str, read: str) -> None:
    assert leftovers.with_quotes(typed) == read


def test_with_signs() -> None:
    assert leftovers.with_signs("R&amp;D &#177; &eacute; AT&T; &nothing;") == "R&D ± é AT&T; &nothing;"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a {graph prior} of {a, b}", "a graph prior of {a, b}"),
        ("{{Two} times}", "Two times"),
        ('"a {class}" and `{style} text`', '"a {class}" and `{style} text`'),
        ("a net}, {here it (}) f{", "a net, here it () f{"),
        ("https://a.example/b}{a.example/b/.", "https://a.example/b."),
    ],
)
def test_without_braces(typed: str, read: str) -> None:
    assert leftovers.without_braces(typed) == read


def test_dashes_of_an_address_stay() -> None:
    assert leftovers.with_dashes("a -- b, https://a.example/c--d") == "a – b, https://a.example/c--d"
    assert leftovers.outside_addresses("a https://a.example/a a", str.upper) == "A https://a.example/a A"


@pytest.mark.parametrize("piece", ["{", "}", "{ab ", "`a", "''a", "\"a''", "&a;", "{}", "https://a}{", '"{ab}'])
def test_a_long_text_takes_no_time(piece: str) -> None:
    text = piece * (20_000 // len(piece))

    def read() -> str:
        return leftovers.without_braces(leftovers.with_signs(leftovers.with_quotes(text)))

    assert least_seconds(read, enough=1) < 1
