"""Pieces of a formula joined to a line that means the same."""

import pytest

from papersite.catalogue.sources.tex.atoms import (
    MINUS,
    SPACE,
    Atom,
    bracketed,
    choose,
    fraction,
    hatted,
    joined,
    scripted,
)

X, Y, TWO = Atom("x"), Atom("y"), Atom("2", "num")
PLUS, OPEN, CLOSE = Atom("+", "bin"), Atom("(", "open"), Atom(")", "close")
LOG = Atom("log", "func", named=True)


@pytest.mark.parametrize(
    ("above", "below", "shown"),
    [
        ([X], [Y], "x/y"),
        ([X, PLUS, Y], [TWO], "(x+y)/2"),
        ([X], [TWO, Y], "x/(2y)"),
        ([X], [OPEN, X, PLUS, Y, CLOSE], "x/(x+y)"),
        ([Atom("∂"), X], [Atom("∂"), Y], "∂x/∂y"),
        ([], [Y], "()/y"),
    ],
)
def test_a_fraction_has_the_brackets_it_needs(above: list[Atom], below: list[Atom], shown: str) -> None:
    assert fraction(above, below).text == shown


@pytest.mark.parametrize(
    ("atoms", "shown"),
    [
        ([TWO, fraction([X], [Y])], "2(x/y)"),
        ([fraction([X], [Y]), X], "(x/y)x"),
        ([X, PLUS, fraction([X], [Y])], "x+x/y"),
        ([TWO, LOG, X], "2 log x"),
        ([LOG, OPEN, X, CLOSE], "log(x)"),
        ([OPEN, SPACE, X, SPACE, CLOSE], "(x)"),
        ([X, Atom("→", "rel", named=True), Y], "x → y"),
        ([X, Atom(":", "colon"), Y], "x: y"),
        ([MINUS, X], "−x"),
    ],
)
def test_joined_tells_things_apart(atoms: list[Atom], shown: str) -> None:
    assert joined(atoms) == shown


@pytest.mark.parametrize(
    ("inner", "tight", "shown"),
    [("2", False, "x²"), ("θ", False, "x^θ"), ("a/b", False, "x^(a/b)"), ("ab", True, "xᵃᵇ"), ("[k]", False, "x^[k]")],
)
def test_a_script_is_raised_or_marked(inner: str, tight: bool, shown: str) -> None:
    assert scripted([X], "^", inner, tight=tight)[0].text == shown


def test_one_operand_needs_no_brackets() -> None:
    assert (bracketed([X]), bracketed([X, Y]), bracketed([OPEN, X, CLOSE])) == ("x", "(xy)", "(x)")


def test_a_binomial_and_an_accent_are_named_where_a_line_has_no_way() -> None:
    assert choose([X], [TWO]).text == "C(x,2)"
    assert (hatted("hat", "y").text, hatted("widehat", "xy").text, hatted("overline", "AB").text) == (
        "ŷ",
        "hat(xy)",
        "A̅B̅",
    )
