"""Formulas as markup that pages may show."""

import re
from pathlib import Path

import pytest

from papersite.catalogue.sources.tex.mathml import mathml
from tests.papersite.catalogue.sources.tex import formulas
from tests.papersite.catalogue.sources.tex.formulas import is_harmless

THIN = '<mspace width="0.17em"></mspace>'


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
        (r"2\log n", f"<math><mn>2</mn>{THIN}<mi>log</mi>{THIN}<mi>n</mi></math>"),
        (
            r"\operatorname*{arg\,min}_x",
            '<math><mo>arg</mo><mspace width="0.167em"></mspace>'
            '<msub><mo movablelimits="true">min</mo><mi>x</mi></msub></math>',
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


@pytest.mark.long
@pytest.mark.pure
def test_real_formulas_become_small_and_harmless_markup(shared_data: Path) -> None:
    found = formulas.real(shared_data)

    made = {formula: mathml(formula) for formula in found}

    assert all(is_harmless(shown) for shown in made.values())
    assert sum(1 for shown in made.values() if not shown) < len(made) / 100
    assert sum(map(len, made.values())) / len(made) < 300
    assert not any(re.search(r"style|href|class|xmlns", shown) for shown in made.values() if "style" not in shown)
