"""A formula as a line of text: readable, and nothing of it left out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.sources.tex import maths, plain
from tests.papersite.catalogue.sources.tex import formulas


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (r"\|x\|_2", "‖x‖₂"),
        (r"\left\| x \right\|", "‖x‖"),
        (r"\Vert Ax-b\Vert^2", "‖Ax−b‖²"),
        (r"\lVert x \rVert_1", "‖x‖₁"),
        (r"\bigl\|\nabla f\bigr\|", "‖∇f‖"),
        (r"\{0,1\}^n", "{0,1}ⁿ"),
        (r"\lbrace 0,1 \rbrace^d", "{0,1}ᵈ"),
        (r"\left\{-1, 1\right\}^{m}", "{−1, 1}ᵐ"),
        (r"\{x : x>0\}", "{x : x>0}"),
        (r"\{x \mid x \in S\}", "{x | x ∈ S}"),
        (r"f\colon X\to Y", "f: X → Y"),
        (r"f\colon\mathbb R^n", "f: ℝⁿ"),
        (r"g \colon \mathbb{Z}_p \rightarrow \{0,1\}", "g: ℤₚ → {0,1}"),
        (r"a\_b", "a_b"),
        (r"\text{max\_len}", "max_len"),
        (r"10\%", "10%"),
        (r"\sum_{i=1}^{n} x_i", "∑ᵢ₌₁ⁿ xᵢ"),
        (r"\prod_{k=1}^K", "∏ₖ₌₁ᴷ"),
        (r"\sum\limits_{j \in S} w_j", "∑_(j ∈ S) wⱼ"),
        (r"\int_0^1 f(x)\,dx", "∫₀¹ f(x) dx"),
        (r"\bigcup_{i} A_i", "⋃ᵢ Aᵢ"),
        (r"\frac{a+b}{c}", "(a+b)/c"),
        (r"\frac{1}{n}\sum_i x_i", "(1/n)∑ᵢ xᵢ"),
        (r"\frac{a}{b+c}", "a/(b+c)"),
        (r"\frac{a}{bc}", "a/(bc)"),
        (r"2\frac{\partial f}{\partial x}", "2(∂f/∂x)"),
        (r"\left(\frac{a}{b}\right)^2", "(a/b)²"),
        (r"{n \over 2}", "n/2"),
        (r"\binom{n}{k}", "C(n,k)"),
        (r"{n \choose k}", "C(n,k)"),
        (r"\tbinom{n+1}{2}", "C(n+1,2)"),
        (r"\arg\max_\theta", "arg max_θ"),
        (r"\operatorname*{arg\,min}_x f", "arg minₓ f"),
        (r"\log\log n", "log log n"),
        (r"O(n\log^2 n)", "O(n log² n)"),
        (r"2\sin x", "2 sin x"),
        (r"e^{i\pi}", "e^(iπ)"),
        (r"x^{n+1/2}y", "x^(n+1/2)y"),
        (r"x_{i,j}", "x_(i,j)"),
        (r"d_{\text{model}}", "d_model"),
        (r"d_{model}k", "d_(model)k"),
        (r"n^{\frac{1}{2}}", "n^(1/2)"),
        (r"\sqrt{d_k}", "√dₖ"),
        (r"\sqrt{x+1}", "√(x+1)"),
        (r"\sqrt[3]{x}", "³√x"),
        (r"\hat{y}_i", "ŷᵢ"),
        (r"\widehat{xy}", "hat(xy)"),
        (r"x \not\in S", "x ∉ S"),
        (r"\begin{pmatrix}1 & 0\\0 & 1\end{pmatrix}", "(1 0; 0 1)"),
        (r"10\,000", "10 000"),
        (r"90^\circ", "90°"),
        (r"\mathcal{O}(n)", "𝒪(n)"),
        (r"p(x|y)", "p(x|y)"),
        (r"n \equiv 1 \pmod{4}", "n ≡ 1 (mod 4)"),
        (r"\ourbound{n}", "ourbound n"),
        (r"x'", "x′"),
        (r"f\colon^a X", "f:ᵃ X"),
    ],
)
def test_maths(typed: str, read: str) -> None:
    assert maths(typed) == read


@pytest.mark.long
@pytest.mark.pure
def test_nothing_of_real_formulas_vanishes_and_read_twice_they_are_read_once(shared_data: Path) -> None:
    found = formulas.real(shared_data)

    lost = {
        formula: missing
        for formula in found
        if (missing := formulas.wanted(formula) - formulas.letters(maths(formula)))
    }
    read = {formula: plain(f"Let ${formula}$ be.") for formula in found}

    assert len(found) > 4000
    assert found.total() > 5000
    assert lost == {}
    assert {formula: text for formula, text in read.items() if plain(text) != text} == {}


letters = st.sampled_from(
    [*"abcxyzABN019+-=<>/*()[],.|!", r"\alpha ", r"\theta", r"\leq ", r"\in ", r"\cdot ", r"\infty", r"\ell", r"\{",
    r"\}", r"\|", r"\_", r"\colon ", r"\sum", r"\log ", r"\to ", r"\nabla", r"\ours "]
)  # fmt: skip
terms = st.recursive(
    st.lists(letters, min_size=1, max_size=4).map("".join),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: rf"\frac{{{two[0]}}}{{{two[1]}}}"),
        st.tuples(inner, inner).map(lambda two: rf"{{{two[0]}}}^{{{two[1]}}}"),
        st.tuples(inner, inner).map(lambda two: rf"x_{{{two[0]}}}{two[1]}"),
        st.tuples(inner, inner).map("".join),
        inner.map(lambda one: rf"\sqrt{{{one}}}"),
        inner.map(lambda one: rf"\binom{{{one}}}{{k}}"),
        inner.map(lambda one: rf"\left({one}\right)"),
        inner.map(lambda one: rf"\mathbf{{{one}}}"),
        inner.map(lambda one: rf"\hat{{{one}}}"),
        inner.map(lambda one: rf"\begin{{pmatrix}}{one} & 1\\ 0 & {one}\end{{pmatrix}}"),
    ),
    max_leaves=8,
)


@given(terms)
def test_nothing_of_a_formula_vanishes(formula: str) -> None:
    assert formulas.wanted(formula) - formulas.letters(maths(formula)) == {}


pieces = [*"\\{}^_'&~$ ax1-[]()|", r"\frac", r"\left", r"\begin{cases}", r"\end{cases}", r"\over ", r"\text", r"\sqrt"]


@given(st.lists(st.sampled_from(pieces), max_size=40).map("".join))
def test_any_formula_is_read(formula: str) -> None:
    assert isinstance(maths(formula), str)


@pytest.mark.parametrize("piece", ["{", "\\frac", "^{", "_", "\\left(", "\\begin{cases}", "\\sqrt{", "\\hat", "\\not"])
def test_the_deepest_formula_is_read(piece: str) -> None:
    assert isinstance(maths(piece * 3000), str)
