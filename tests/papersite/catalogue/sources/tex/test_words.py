"""TeX made readable, and nothing else touched."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papersite.catalogue.reading.cleaning import one_line
from papersite.catalogue.sources.tex import plain
from tests.costs import least_seconds


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (r"{\L}ukasz Kowal", "Łukasz Kowal"),
        (r"\L ukasz, \L{}ukasz", "Łukasz, Łukasz"),
        (r"{\o} {\O} {\ss} {\AA} {\ae} {\oe} {\DJ} {\i}", "ø Ø ß Å æ œ Đ ı"),
        (r"S{\o}ren \O rsted, K{\aa}re, Stra{\ss}e, \AE gir", "Søren Ørsted, Kåre, Straße, Ægir"),
        (r"{\'E} \L{} {\th}", "É Ł þ"),
        ("Touch{é}, {É}cole, G{ö}del", "Touché, École, Gödel"),
        ("a {DE}bugged {L}ark, En-{De, Zh}, {AB} and x{AB}c", "a DEbugged Lark, En-{De, Zh}, {AB} and xABc"),
        (r"{\alpha}-Cloak, \beta-VAE, {$\gamma$}-ray, {\textbf{X}}-Net", "α-Cloak, β-VAE, γ-ray, X-Net"),
        ("{S}ingle {N}et, plan {B}, {BERT}", "Single Net, plan {B}, BERT"),
        (
            "{GRAPE}: a {graph prior} for {Re-ID}, of {a, b} and {x}",
            "GRAPE: a graph prior for Re-ID, of {a, b} and {x}",
        ),
        ('fill "a photo of a {class}" and “{style} text”', 'fill "a photo of a {class}" and “{style} text”'),
        ("We call it SoloNet}, and {here it ends, f(x) {", "We call it SoloNet, and here it ends, f(x) {"),
        ("code at https://a.example/x/y}{https://a.example/x/y.", "code at https://a.example/x/y."),
        (r"$\{\text{train}\}$ and $\{ab\}$", "{ train } and {ab}"),
        ("2^{-H_T} and F_{p^n}, Net_{base} of file_{id}.txt", "2^(-H_T) and F_(pⁿ), Net_(base) of file_{id}.txt"),
        ("a **D**ual **o**f **M**inds, Re**A**ct, f(**a, **b)", "a Dual of Minds, Re**A**ct, f(**a, **b)"),
        (
            r"in O(n\log\log n), f = \exp(-x) or \log{n}, $C $ of $ [\![ n ]\!] $",
            "in O(n log log n), f = exp(-x) or log n, C of [[n]]",
        ),
        ("costs $5 and $a shop $ or $A $B", "costs $5 and $a shop $ or $A $B"),
        ("the `user's own' view, `code` and a user`s", "the ‘user's own’ view, `code` and a user`s"),
        ("how \"new'' is ''old'', f''(x) in 5'' or 7''", "how “new” is “old”, f''(x) in 5'' or 7''"),
        ("R&amp;D, p&lt;0.05, caf&eacute;, &#8211; and AT&T; x", "R&D, p<0.05, café, – and AT&T; x"),
        (r"Erd\H os, Ond\v rej, \v Cech, Fran\c cois", "Erdős, Ondřej, Čech, François"),
        (r"our code is at \href{https://a.example/x}.", "our code is at https://a.example/x."),
        (r"see:\href{https://a.example/x}{X}, \href{https://a.example/y} {Y}", "see:X, Y"),
        (r"as of Foo \cite{a}, Bar~\citep[1]{b}. In Section~\ref{c} we", "as of Foo, Bar. In Section we"),
        (r"at 50\textdegree C, 360\deg and 5 \textmu m, $(\geq 3)$, X$^\text{®}$", "at 50°C, 360° and 5 µm, (≥ 3), X®"),
        (r"A~$\beta$ net, $$ d^{2} $$ and $ T $ of 5$/$6", "A β net, d² and T of 5/6"),
        (r"10~\textmu s, 5~Å, 20~°C, 2~×~3, but 10~20", "10 µs, 5 Å, 20 °C, 2 × 3, but 10~20"),
        (
            r"It\textquoteright s \textquotedblleft so\textquotedblright{} of the authors\textquoteright work",
            "It’s “so” of the authors’ work",
        ),
        (r"\verb|x_y| and \verb+f(x)+, 5\textcent, about \~{}30", "x_y and f(x), 5¢, about ~30"),
        ("vs.\\ 0.13, et al.\\ 2024, Fig.~3", "vs. 0.13, et al. 2024, Fig. 3"),
        ("DR^{3}-Eval, H_{2}O, x^{n}", "DR³-Eval, H₂O, xⁿ"),
        ("R^2=0.9, (C)^3, km^2, S^2Net, 7 x 10^-9, 1x10^(-4)", "R²=0.9, (C)³, km², S²Net, 7 x 10⁻⁹, 1x10⁻⁴"),
        ("O(n^k) of x^T, but x^10.5, foo^bar, ^_^ and 2^", "O(nᵏ) of xᵀ, but x^10.5, foo^bar, ^_^ and 2^"),
        ("10^10^10 at https://a.example/x^2", "10^10¹⁰ at https://a.example/x^2"),
        (r"\underline{M}ove to \underline{\textbf{U}}nderstand", "Move to Understand"),
        ("we present **Flow of Truth**, 2**n and 3**k, **kwargs", "we present Flow of Truth, 2**n and 3**k, **kwargs"),
        (r"Agent Evolving Learning (\ours{}), a framework, print()", "Agent Evolving Learning, a framework, print()"),
        ('this ``reason-before-predict" process', "this “reason-before-predict” process"),
        ("$ 0.07$s at $ 1024 × 768$, from $ 5 to $ 10", "0.07s at 1024 × 768, from $ 5 to $ 10"),
        ("$>$20%, $<$5, $\\geq$3, $\\pm$2", ">20%, <5, ≥3, ±2"),
        ("1$-$2%, 0.3$-$0.5", "1−2%, 0.3−0.5"),
        ("GPT$-$4, zero$-$shot", "GPT-4, zero-shot"),
        (r"$\sim$5, 120$\times$ and 3$ \times $ as fast", "∼5, 120× and 3× as fast"),
        (r"Nguy\~{\^e}n, Tr\`{\^a}n, \'{\^o}, {\'{\^o}}", "Nguyễn, Trần, ố, ố"),
        (r"\protect\textbf{X} y, \textbf{\textit{Z}} w, \protect\emph{V}", "X y, Z w, V"),
        (r"We show \minerupro, and \Ours{} works", "We show our method, and our method works"),
        (r"\Ours: a new way", "a new way"),
        (r"\mytool", "mytool"),
        (r"net\footnote{see \url{http://a.example/b--c} and \textbf{x}} works", "net works"),
        (r"\replaced{new}{old} \deleted{gone}\textcolor{blue}{\textbf{here}}", "new here"),
        ("two -- or 1--2, and---then", "two – or 1–2, and—then"),
        ("with --verbose, at https://a.example/b--c, <!-- -->", "with --verbose, at https://a.example/b--c, <!-- -->"),
        ("H<sub>2</sub>O 10<sup>3</sup> <i>E. coli</i>", "H₂O 10³ E. coli"),
        ("x<sub>max</sub>, <b>bold</b>, CO<SUB>2</SUB>, a <b> c", "xₘₐₓ, bold, CO₂, a <b> c"),
        ("n<sup>th/2</sup>, x<sub>q</sub>", "n^(th/2), x_q"),
        (r"CO\textsubscript{2} and 3\textsuperscript{2}", "CO₂ and 3²"),
        (r"https://github.com/acme/medical\_notes.", "https://github.com/acme/medical_notes."),
        (r"\url{https://github.com/acme/medical\_notes}", "https://github.com/acme/medical_notes"),
        (r"\href{https://github.com/acme/a\_b}{https://github.com/acme/a\_b}", "https://github.com/acme/a_b"),
        (r"https://github.com/acme/medical{\_}notes", "https://github.com/acme/medical_notes"),
        (r"in C:\Users\ada", r"in C:\Users\ada"),
        (r"25{,}605 of \$5 and \{a, b\}", "25,605 of $5 and {a, b}"),
        (r"M\"ahlisch, \c{C}elik, {\'e}t\'e, \v{s}, \'{\i}, {\"\i}", "Mählisch, Çelik, été, š, í, ï"),
        (r"$\alpha$-nets in $O(n^2)$", "α-nets in O(n²)"),
        (r"$10^{-3}$ and $x_{i+1}$", "10⁻³ and xᵢ₊₁"),
        (r"$X_{\text{max}}$, $p_\theta$", "Xₘₐₓ, p_θ"),
        (r"90$^\circ$, \(x^2\)", "90°, x²"),
        (r"\texttt{code}, \emph{very \textbf{bold}} and 5\% \& more", "code, very bold and 5% & more"),
        (r"{\it new} and {\bf bold}", "new and bold"),
        (r"\href{https://a.example/x}{here}, \url{https://a.example/y_z}", "here, https://a.example/y_z"),
        (r"as shown\cite{one,two} before~\citep[p. 3]{a}", "as shown before"),
        (r"good, \ie, \LaTeX", "good, i.e., LaTeX"),
        ("``quoted'' words", "“quoted” words"),
        ("costs $5 and $10", "costs $5 and $10"),
        ("R&D ~ 50% of #1 - a_b {c}", "R&D ~ 50% of #1 - a_b {c}"),
    ],
)
def test_plain(typed: str, read: str) -> None:
    assert one_line(plain(typed)) == read
    assert plain(plain(typed)) == plain(typed)


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
        "--",
        "<sub>",
        "</sub>",
        "\\{",
        "\\ours",
        "\\emph{",
        "\\v c",
        "é",
    ]
)


@given(st.lists(pieces, max_size=30).map("".join))
def test_a_text_read_twice_is_read_once(text: str) -> None:
    read = plain(text)

    assert plain(read) == read


@pytest.mark.parametrize("empty", ["\\textsubscript{\\emph{}}", "\\textsuperscript{\\textbf{}}", "<sub>\\emph{}</sub>"])
def test_what_stands_below_or_above_may_be_nothing(empty: str) -> None:
    assert plain(f"H{empty}O") == "HO"


@given(st.text(alphabet=st.characters(exclude_characters="\\$`~<{}&-^", exclude_categories=["Co", "Cs"])))
def test_a_text_without_tex_stays_as_it_is(text: str) -> None:
    text = text.replace("''", "'.")
    assert plain(text) == text


@pytest.mark.parametrize(
    "piece",
    [
        "$",
        "{",
        "\\",
        "$a",
        "\\a{",
        "\\'",
        "^{",
        "$\\frac{",
        "``",
        "--",
        "<sub>",
        "\\(",
        "{a}",
        "\\v{",
        "~a",
        "\\emph{a",
    ],
)
def test_a_long_text_of_signs_takes_no_time(piece: str) -> None:
    text = piece * (20_000 // len(piece))

    assert least_seconds(lambda: plain(text), enough=2) < 2


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
