"""TeX as authors type it into titles and abstracts, made readable: accents, macros and simple maths as Unicode.

Only what is TeX is touched: maths between dollars, and what begins with a backslash. pylatexenc
knows the macros; it never sees the text around them, where ``&``, ``%`` and ``~`` are meant.
"""

import re
from functools import lru_cache

from pylatexenc.latex2text import LatexNodes2Text

# How deep macros may stand in one another.
_DEPTH = 6
# As in Pandoc: no space inside the dollars, no digit after them, so that prices stay prices.
_MATHS = re.compile(
    r"(?<!\\)\$\$?(?=[^\s$])([^$]{1,500}?)(?<=[^\s\\])\$\$?(?!\d)|\\\(([^$]{1,500}?)\\\)|\$(\\[^$]{1,200}?)\$"
)
_DEGREE = re.compile(r"\{\\deg(?:ree)?\}")
_QUOTES = re.compile(r"``([^`']{1,300})''")
# {\"o} and \"{o}, \c{C} and \c C, \'\i; the accents that are letters need a brace or a space.
_ACCENT = re.compile(
    r"\{\\[`'^\"~=.cvuHkbdtr](?:\{\\?[A-Za-z]\}|\s*\\?[A-Za-z])\}"
    r"|\\[`'^\"~=.](?:\{\\?[A-Za-z]\}|\\?[A-Za-z](?![A-Za-z]*\{))"
    r"|\\[cvuHkbdtr](?:\{\\?[A-Za-z]\}|\s+\\?[A-Za-z](?![A-Za-z]))"
)
_MACRO = re.compile(r"\\(?:([A-Za-z]+)(?![A-Za-z])\*?((?:\{[^{}\\]{0,600}\}){0,3})(?!\{)|([^A-Za-z\s]))")
_GROUP = re.compile(r"\{([^{}]{0,600})\}")
_SCRIPT = re.compile(r"([\^_])(?:\{([^{}]{1,80})\}|(\\[A-Za-z]+|[^\s{}\\^_]))")
_SWITCH = re.compile(r"\{\\(?:it|bf|em|sc|tt|rm|sl|sf|large|small|itshape|bfseries)\b\s*([^{}]{0,300})\}")
_OWN = {
    "eg": "e.g.",
    "ie": "i.e.",
    "etal": "et al.",
    "etc": "etc.",
    "vs": "vs.",
    "deg": "°",
    "degree": "°",
    "S": "§",
    "LaTeX": "LaTeX",
}
_OWN |= {"xspace": "", "bigskip": "", "newline": " ", "noindent": "", "centering": "", "quad": " "}
_BARE = frozenset(
    {
        "url",
        "textsuperscript",
        "textsubscript",
        "mbox",
        "large",
        "textbf",
        "textit",
        "texttt",
        "textsc",
        "textrm",
        "textsf",
        "textsl",
        "emph",
        "underline",
        "text",
    }
)
_BARE_MATHS = re.compile(
    r"\\(?:mathrm|mathbf|mathit|mathsf|mathtt|text|textbf|textit|texttt|textrm|textsc|emph|operatorname|boldsymbol|mbox|bm)"
    r"\*?\{([^{}]{0,200})\}"
)
_ESCAPED = {"%": "%", "&": "&", "_": "_", "#": "#", "$": "$", "{": "{", "}": "}", "\\": " ", ",": " ", ";": " "}
_ESCAPED |= {"@": "@", "+": "+", "=": "=", "<": "<", ">": ">", "-": "", "/": "", "!": "", " ": " ", ":": " "}
_RAISED = dict(
    zip("0123456789+-=()niabcdefghjklmoprstuvwxyzTN*'", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᴺ*′", strict=True)
)
_LOWERED = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
# Marks that stay, hidden from the next look for scripts.
_MARKS = {"^": "\ue000", "_": "\ue001"}
_to_text = LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=False)


def plain(text: str) -> str:
    """The text with its TeX made readable; what cannot be read stays as it was typed."""
    if "``" in text:
        text = _QUOTES.sub(r"“\1”", text)
    for _ in range(_DEPTH):
        before = text
        if "$" in text or "\\(" in text:
            text = _MATHS.sub(lambda found: maths(found[1] or found[2] or found[3]), text)
        if "\\" in text:
            text = _ACCENT.sub(lambda found: _converted(found[0]) or found[0], text)
            text = _DEGREE.sub("°", _SWITCH.sub(r"\1", text))
            text = _MACRO.sub(_macro, text)
        if text == before:
            break
    return text


@lru_cache(maxsize=20_000)
def maths(formula: str) -> str:
    """A formula as a line of text."""
    formula = formula.strip()
    shown = re.sub(r"\\(?:left|right|big|Big|bigl|bigr|displaystyle|,|;|!|:|quad)(?![A-Za-z])", " ", formula)
    for _ in range(4):
        inner = _BARE_MATHS.sub(r"\1", shown)
        inner = _SCRIPT.sub(_script, inner)
        if inner == shown:
            break
        shown = inner
    if "\\" in shown:
        shown = _converted(f"${shown}$")
    shown = _GROUP.sub(r"\1", _GROUP.sub(r"\1", shown)).replace("~", " ")
    for sign, mark in _MARKS.items():
        shown = shown.replace(mark, sign)
    return re.sub(r"\s+", " ", shown).strip() or formula


def _script(found: re.Match[str]) -> str:
    """A raised or lowered part; where Unicode lacks a letter of it, the mark stays."""
    inner = (found[2] or found[3]).strip()
    if inner.startswith("\\"):
        inner = _converted(f"${inner}$") or inner
    letters = _RAISED if found[1] == "^" else _LOWERED
    if found[1] == "^" and inner in ("∘", "°"):
        return "°"
    if inner and all(letter in letters for letter in inner):
        return "".join(letters[letter] for letter in inner)
    return _MARKS[found[1]] + inner


def _macro(found: re.Match[str]) -> str:
    """One macro whose braces hold no others: these were read before, from the inside out."""
    name, arguments, sign = found[1], found[2] or "", found[3]
    if sign is not None:
        return _ESCAPED.get(sign, found[0])
    groups = _GROUP.findall(arguments)
    if name in ("href", "textcolor") and len(groups) > 1:
        return str(groups[1])
    if name in _BARE and groups:
        return "".join(groups)
    if name.startswith("cite") and groups:
        return ""
    if name in _OWN and not groups:
        return _OWN[name]
    # What pylatexenc does not know is a macro of the author's own.
    return _converted(found[0]).strip() or found[0]


@lru_cache(maxsize=20_000)
def _converted(piece: str) -> str:
    try:
        return str(_to_text.latex_to_text(piece)).replace("\n", " ")
    except Exception:  # noqa: BLE001  whatever a parser of TeX stumbles over, the text stays as it was
        return ""
