"""TeX made readable, and nothing else touched."""

import gzip
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.sources.tex import plain


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (r"M\"ahlisch, \c{C}elik, {\'e}t\'e, \v{s}, \'{\i}", "Mählisch, Çelik, été, š, í"),
        (r"$\alpha$-nets in $O(n^2)$", "α-nets in O(n²)"),
        (r"$10^{-3}$ and $x_{i+1}$", "10⁻³ and xᵢ₊₁"),
        (r"$X_{\text{max}}$, $p_\theta$", "Xₘₐₓ, p_θ"),
        (r"$\sim$10 and 90$^\circ$", "∼10 and 90°"),
        (r"\texttt{code}, \emph{very \textbf{bold}} and 5\% \& more", "code, very bold and 5% & more"),
        (r"{\it new} and {\bf bold}", "new and bold"),
        (r"\href{https://a.example/x}{here}, \url{https://a.example/y_z}", "here, https://a.example/y_z"),
        (r"as shown\cite{one,two} before", "as shown before"),
        (r"good, \ie, \LaTeX", "good, i.e., LaTeX"),
        ("``quoted'' words", "“quoted” words"),
        ("costs $5 and $10", "costs $5 and $10"),
        (r"\ourmethod stays", r"\ourmethod stays"),
        ("R&D ~ 50% of #1 -- a_b {c}", "R&D ~ 50% of #1 -- a_b {c}"),
    ],
)
def test_plain(typed: str, read: str) -> None:
    assert plain(typed) == read
    assert plain(read) == read


pieces = st.sampled_from(
    [
        "$",
        "$$",
        "\\",
        "{",
        "}",
        "^",
        "_",
        "x",
        " ",
        "\\alpha",
        "\\textbf{a}",
        "\\frac{a}{b}",
        "\\'e",
        "10",
        "\\%",
        "``",
        "''",
        "\\(",
        "\\)",
        "~",
        "\\begin{cases}",
        "é",
    ]
)


@given(st.lists(pieces, max_size=30).map("".join))
def test_plain_never_fails(text: str) -> None:
    assert isinstance(plain(text), str)


@given(st.text(alphabet=st.characters(exclude_characters="\\$`")))
def test_a_text_without_tex_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize("piece", ["$", "{", "\\", "$a", "\\a{", "\\'", "^{", "$\\frac{", "``"])
def test_a_long_text_of_signs_takes_no_time(piece: str) -> None:
    start = time.process_time()

    plain(piece * (20_000 // len(piece)))

    assert time.process_time() - start < 5


def test_real_titles_and_abstracts_read_twice_are_read_once(shared_data: Path) -> None:
    checked = 0
    with gzip.open(shared_data / "arxiv" / "arxiv_cs_2025_2026.jsonl.gz", "rt") as file:
        for line in file:
            entry = json.loads(line)
            for text in (entry["title"], entry["abstract"]):
                if "$" in text or "\\" in text:
                    checked += 1
                    read = plain(text)
                    assert plain(read) == read
            if checked > 600:
                break
    assert checked > 600
