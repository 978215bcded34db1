"""Macros of well-known packages within formulas and texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.sources.tex import markup, maths, passage, plain
from papersite.catalogue.sources.tex.shorthands import written_out
from tests.costs import least_seconds


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (r"\ket{0}", "|0⟩"),
        (r"\bra{\phi}A\ket{\psi_{0}}", "⟨ϕ|A|ψ₀⟩"),
        (r"\braket{\phi|\psi}", "⟨ϕ|ψ⟩"),
        (r"\braket{a}{b}", "⟨a|b⟩"),
        (r"\ketbra{0}{1}", "|0⟩⟨1|"),
        (r"\norm{\mathbf{x}}_2^2", "‖x‖₂²"),
        (r"\abs*{\frac{a}{b}}", "|a/b|"),
        (r"\norm{\abs{x}}", "‖|x|‖"),
        (r"\floor{n/2}", "⌊n/2⌋"),
        (r"\SI{3}{\micro\metre}", "3 µm"),
        (r"\SI{10}{\meter\per\second\squared}", "10 m/s²"),
        (r"\qty{5}{\kilo\watt\hour}", "5 kW h"),
        (r"\SI{90}{\degree}", "90°"),
        (r"\num{2.5e-4}", "2.5×10⁻⁴"),
        (r"\SI{5}{\foo}", "SI 5 foo"),
        (r"\ket", "ket"),
        (r"\ket\psi", "|ψ⟩"),
        (r"\ket0+\ket{1}", "|0⟩+|1⟩"),
        (r"\bra\psi\ket\phi", "⟨ψ||ϕ⟩"),
        (r"\norm\cdot_2", "‖·‖₂"),
        (r"\abs_2", "abs₂"),
    ],
)
def test_a_macro_of_a_package_is_read_as_what_it_stands_for(typed: str, read: str) -> None:
    assert maths(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (r"at \SI{5}{\kilo\hertz} and \SI{10}{\percent}", "at 5 kHz and 10 %"),
        (r"within \si{\micro\second} of \num{1000}", "within µs of 1000"),
    ],
)
def test_a_number_with_its_unit_stands_in_a_text_too(typed: str, read: str) -> None:
    assert plain(typed) == read
    assert plain(read) == read


@pytest.mark.parametrize("formula", [r"\ket{\psi}", r"\norm{x}", r"\SI{3}{\micro\metre}"])
def test_on_pages_it_is_maths(formula: str) -> None:
    assert markup(passage(f"of ${formula}$")).startswith("of <math>")


@given(
    st.lists(
        st.sampled_from([r"\ket{", r"\norm", r"\bra", r"\psi", "{", "}", "x", "0", r"\SI{1}{m}", r"\braket{a}"]),
        max_size=30,
    )
)
def test_what_is_written_out_holds_no_more_of_it(pieces: list[str]) -> None:
    once = written_out("".join(pieces))

    assert written_out(once) == once


def test_what_looks_like_a_place_for_an_argument_takes_none_in() -> None:
    nested = "x"
    for _ in range(20):
        nested = rf"\ketbra{{{{1}}{{1}}}}{{{nested}}}"

    assert len(written_out(nested)) < 3 * len(nested)


@pytest.mark.parametrize("piece", [r"\ket{", r"\ketbra{a}{", r"\norm{\abs{x}}", r"\SI{1}{\metre}"])
@pytest.mark.parametrize("length", [1_900, 100_000])
def test_many_of_them_take_no_time(piece: str, length: int) -> None:
    text = piece * (length // len(piece))

    assert least_seconds(lambda: written_out(text), enough=1) < 1
