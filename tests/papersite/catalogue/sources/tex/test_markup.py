"""Passages as markup: what sources dress, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.sources.tex import markup, passage
from tests.papersite.catalogue.sources.tex.formulas import is_harmless


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


def test_no_line_breaks_before_the_hyphen_of_a_compound() -> None:
    assert markup(passage("an $s$-net")) == "an <math><mi>s</mi></math>\u2060-net"
