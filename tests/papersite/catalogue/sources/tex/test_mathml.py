"""Formulas as markup that pages may show."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from papersite.catalogue.sources.tex import markup, passage
from papersite.catalogue.sources.tex.mathml import mathml
from tests.papersite.catalogue.sources.tex import formulas

ALLOWED = set(
    """math mrow mi mn mo mtext mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd mspace mphantom
    sub sup i b p""".split()  # noqa: SIM905
)
ATTRIBUTES = {
    "accent",
    "stretchy",
    "form",
    "mathvariant",
    "linethickness",
    "movablelimits",
    "minsize",
    "maxsize",
    "width",
}


def is_harmless(shown: str) -> bool:
    root = etree.fromstring(f"<p>{shown}</p>")
    return all(str(one.tag) in ALLOWED and set(map(str, one.attrib)) <= ATTRIBUTES for one in root.iter())


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("x^2", "<math><msup><mi>x</mi><mn>2</mn></msup></math>"),
        (r"\frac{a}{b}", "<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>"),
        ("a<b", "<math><mi>a</mi><mo>&lt;</mo><mi>b</mi></math>"),
        (
            r"\arg\max_\theta",
            '<math><mi>arg</mi><mspace width="0.17em"></mspace><msub><mo>max</mo><mi>θ</mi></msub></math>',
        ),
        (
            r"n\log n",
            '<math><mi>n</mi><mspace width="0.17em"></mspace><mi>log</mi><mspace width="0.17em"></mspace><mi>n</mi></math>',
        ),
        (r"\mathbb R", "<math><mi>ℝ</mi></math>"),
        (r"\sim", "<math><mo>∼</mo></math>"),
        (r"\mathbb{R}", "<math><mi>ℝ</mi></math>"),
        (r"\ours(x)", ""),
        ("x" * 1000, ""),
    ],
)
def test_mathml(formula: str, shown: str) -> None:
    assert mathml(formula) == shown


def test_a_long_formula_is_in_pieces_between_which_a_line_may_break() -> None:
    shown = mathml("+".join("abcdefghijklmnopqrstuvwxyz"))

    assert shown.count("<math>") > 2
    assert '<mo form="infix">+</mo></math><math>' in shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("plain & <script>", ""),
        ("H<sub>2</sub>O & <script>", "H<sub>2</sub>O &amp; &lt;script&gt;"),
        ("10<sup>3</sup> <i>E. coli</i> <b>x", "10<sup>3</sup> <i>E. coli</i> &lt;b&gt;x"),
        (r"\emph{in vivo}, \textbf{all}", "<i>in vivo</i>, <b>all</b>"),
        (r"CO\textsubscript{2}", "CO<sub>2</sub>"),
        (r"$\ours{x}$ <i>y</i>", "ours x <i>y</i>"),
        ("GPT$-$4 of $x$", "GPT-4 of <math><mi>x</mi></math>"),
        (r"<i onclick='x'>y</i> $x$", "&lt;i onclick='x'&gt;y&lt;/i&gt; <math><mi>x</mi></math>"),
        (r"$\href{javascript:alert(1)}{x}$", "<math><mrow><mi>x</mi></mrow></math>"),
        (r"$\text{<script>alert(1)</script>}$", "<math><mtext>&lt;script&gt;alert(1)&lt;/script&gt;</mtext></math>"),
    ],
)
def test_markup(source: str, shown: str) -> None:
    assert markup(passage(source)).replace("<mrow><mi>x</mi></mrow>", "<mi>x</mi>") == shown.replace(
        "<mrow><mi>x</mi></mrow>", "<mi>x</mi>"
    )


pieces = ["$", "<i>", "</i>", "<sub>", "</sub>", "<script>", r"\emph{", "}", "{", "x", "^", "_", r"\href{a}",
    r"\color{red}", "&", '"', "'",
          r"\text{", r"\class{x}", r"\style{color:red}{y}", " ", r"\frac", "\ue100", "\ue010"]  # fmt: skip


@given(st.lists(st.sampled_from(pieces), max_size=25).map("".join))
def test_markup_of_anything_is_well_formed_and_harmless(source: str) -> None:
    assert is_harmless(markup(passage(source)))


def test_real_formulas_become_small_and_harmless_markup(shared_data: Path) -> None:
    found = formulas.real(shared_data)

    made = {formula: mathml(formula) for formula in found}

    assert all(is_harmless(shown) for shown in made.values())
    assert sum(1 for shown in made.values() if not shown) < len(made) / 100
    assert sum(map(len, made.values())) / len(made) < 300
    assert not any(re.search(r"style|href|class|xmlns", shown) for shown in made.values() if "style" not in shown)
