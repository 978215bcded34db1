"""Formulas for tests: real ones where they are, and what each must show."""

import gzip
import json
import lzma
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from papersite.catalogue.sources.tex.symbols import sign

_FORMULA = re.compile(r"(?<!\\)\$([^$]{1,500}?)(?<!\\)\$")
_NOT_SHOWN = re.compile(
    r"\\(?:begin|end)\s*\{[A-Za-z*]*\}(?:\{[lcr|]*\})?|\\(?:color|textcolor|label|phantom|hspace|vspace|href)\s*\{[^{}]*\}"
    r"|\\mkern-?[0-9.]*mu|\\(?:left|right)\s*\.|\\unicode\{[^{}]*\}"
)
_DEGREE = re.compile(r"\^\s*(?:\\circ(?![A-Za-z])|\{\s*\\circ\s*\})")
_ROOT = re.compile(r"\\sqrt\[([^\]]*)\]")
_TOKEN = re.compile(r"\\([A-Za-z]+)|\\(.)|(.)", re.DOTALL)
# Names that arrange, dress or space what stands beside them.
_ARRANGES = set(
    """frac tfrac dfrac binom left right big Big bigg bigl bigr Bigl Bigr text textbf textit texttt textrm textsc textsf
    mathrm mathbf mathsf mathtt mathit mathbb mathcal mathscr mathfrak boldsymbol bm mbox emph operatorname boldmath cal
    bf rm it tt small quad qquad space underline displaystyle limits pmod overset
    underset stackrel underbrace over choose
    hat tilde bar vec dot ddot acute grave check breve overline widehat widetilde Bar not mathring xspace large sc em
    mathop smash normalsize substack textstyle scriptstyle mathds nolimits middle ensuremath""".split()  # noqa: SIM905
)
_TEX_SIGNS = set("{}^_~&\\")


def in_papers(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        entry = json.loads(line)
        for text in (entry["title"], entry["abstract"]):
            if "$" in text:
                yield from _FORMULA.findall(text)


def real(shared_data: Path) -> Counter[str]:
    """Formulas, and how often each is written."""
    with gzip.open(shared_data / "arxiv" / "arxiv_cs_2025_2026.jsonl.gz", "rt") as file:
        found = Counter(in_papers(iter(file)))
    with lzma.open(shared_data / "featured" / "arxiv_2025-03_2026-01.jsonl.xz", "rt") as file:
        return found + Counter(in_papers(iter(file)))


def letters(text: str) -> Counter[str]:
    """What a text shows, in the plainest letters."""
    plainest = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).replace("−", "-").replace("∖", "\\"))
    return Counter(char for char in plainest if not char.isspace() and not unicodedata.combining(char))


def wanted(formula: str) -> Counter[str]:
    """Every letter, digit, bracket and sign that a formula shows, in the plainest letters."""
    found: Counter[str] = Counter()
    formula = _ROOT.sub(r"\\sqrt \1", _DEGREE.sub("°", _NOT_SHOWN.sub(" ", formula)))
    for name, escaped, char in _TOKEN.findall(formula):
        if name:
            found += letters({"sqrt": "√"}.get(name, "" if name in _ARRANGES else sign(name) or name))
        elif escaped:
            found += letters(
                {"|": "‖", "_": "_", "%": "%", "#": "#", "&": "&", "$": "$", "{": "{", "}": "}"}.get(escaped, "")
            )
        elif char not in _TEX_SIGNS and not char.isspace():
            found += letters({"'": "′"}.get(char, char))
    return found


ALLOWED = set(
    """math mrow mi mn mo mtext mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr
    mtd mspace mphantom
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
