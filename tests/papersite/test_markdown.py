"""The little Markdown that curators write."""

import pytest

from papersite.markdown import html_of, html_of_line, text_of, text_of_line


@pytest.mark.parametrize(
    ("typed", "html", "text"),
    [
        ("A *b* **c**", "<p>A <em>b</em> <strong>c</strong></p>", "A b c"),
        ("[a](https://b.org/?c=1&d=2)", '<p><a href="https://b.org/?c=1&amp;d=2">a</a></p>', "a (https://b.org/?c=1&d=2)"),
        ("<https://b.org>", '<p><a href="https://b.org">https://b.org</a></p>', "https://b.org"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "- a\n- b"),
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>", "one\ntwo\n\nthree"),
        ("# a", "<p># a</p>", "# a"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>", "a < b & c"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_what_is_written_reads_as_html_and_as_text(typed: str, html: str, text: str) -> None:
    assert (html_of(typed), text_of(typed)) == (html, text)


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![a](https://b.org/c.png)",
        "[a](javascript:alert(1))",
        "[a](data:text/html,b)",
        "[a](//b.org)",
        '[a](https://b.org "\\" onclick=alert(1)")',
        "<a href='javascript:alert(1)'>a</a>",
        "| a | b |\n|---|---|\n| c | d |",
        "```\n<script>\n```",
        "[a]: javascript:alert(1)\n\n[a]",
    ],
)
def test_nothing_else_gets_through(typed: str) -> None:
    for html in (html_of(typed), html_of_line(typed)):
        assert not any(tag in html for tag in ("<script", "<img", "<table", "<pre"))
        assert not any(f' {name}="' in html for name in ("onerror", "onclick", "src", "title", "rel"))
        assert 'href="javascript' not in html
        assert 'href="data' not in html
        assert 'href="//' not in html


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Why does $O(n^2)$ stay?", "Why does O(n²) stay?"),
        (r"$\alpha < \beta$, *really*", "α < β, really"),
        ("$a * b * c$ and $x_i$ or $y_i$", None),
        ("It costs $5, not $6, or $7-$8 in US$.", "It costs $5, not $6, or $7-$8 in US$."),
        ("`$HOME$` is code, $$ is not", "$HOME$ is code, $$ is not"),
        ("One $ alone", "One $ alone"),
    ],
)
def test_a_formula_is_read_as_in_titles_and_a_price_stays_one(typed: str, text: str | None) -> None:
    assert text_of(typed) == text_of_line(typed)
    assert "<em>" not in html_of(typed).replace("<em>really</em>", "")
    assert text is None or text_of(typed) == text


def test_a_formula_brings_no_tags() -> None:
    assert "<script" not in html_of_line("$<script>alert(1)</script>$ $[a](javascript:alert(1))$")


def test_a_line_stays_one() -> None:
    assert html_of_line("a\n\n- *b*") == "a - <em>b</em>"
    assert text_of_line("a\n\n[b](https://c.org)") == "a b (https://c.org)"


def test_a_thousand_characters_of_anything_are_read_at_once() -> None:
    for typed in (
        "[" * 1000,
        "*a " * 333,
        "> " * 500,
        "- " * 500,
        "<" * 1000,
        "[a](" * 250,
        "$a" * 500,
        "`" * 999,
        "$`" * 500,
    ):
        assert len(html_of(typed)) < 20_000
