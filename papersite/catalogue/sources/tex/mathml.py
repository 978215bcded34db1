"""A formula as MathML Core for pages: only elements and attributes of a list, no addresses, no styles."""

import html
import re
from functools import lru_cache
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

from papersite.catalogue.sources.tex import shorthands
from papersite.catalogue.sources.tex.symbols import FUNCTIONS, sign

# Longer ones would fill a page; they are shown as text.
LONGEST = 800
DEEPEST = 60
_LEAVES = frozenset({"mi", "mn", "mo", "mtext"})
_ELEMENTS = _LEAVES | frozenset({
    "math", "mrow", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable",
    "mtr", "mtd", "mspace", "mphantom",
})  # fmt: skip
# Of what stands in a row, these show their content alone.
_TRANSPARENT = frozenset({"mstyle", "mpadded", "menclose", "semantics", "mprescripts", "none"})
# The converter wants the braces that TeX does not.
_ALPHABET = re.compile(r"(\\(?:mathbb|mathcal|mathscr|mathfrak|mathbf|mathrm|mathsf))\s+([A-Za-z])")
# Nor does it know a name of two words, "arg min".
_TWO_WORDS = re.compile(r"\\operatorname(\*?)\s*\{([A-Za-z]+)\s*(?:\\[,;:! ]|~)\s*([A-Za-z]+)\}")
_ROWS = frozenset({"mrow", "msqrt", "mtd", "mstyle", "mpadded"})
_THIN = '<mspace width="0.17em"></mspace>'
# So many letters stand on one line of a phone.
ROOM = 14
_BREAKS = frozenset("=<>≤≥∈→⟶,;≈≡∼⊆⊂∣+−≔⇒")
_TRUTH, _LENGTH = re.compile(r"true|false"), re.compile(r"-?[0-9.]{1,8}em")
_ATTRIBUTES = {
    "accent": _TRUTH, "stretchy": _TRUTH, "form": re.compile(r"prefix|infix|postfix"),
    "mathvariant": re.compile(r"normal"), "linethickness": re.compile(r"0"), "movablelimits": _TRUTH,
    "minsize": _LENGTH, "maxsize": _LENGTH, "width": _LENGTH,
}  # fmt: skip


@lru_cache(maxsize=5000)
def mathml(formula: str) -> str:
    """The formula as one ``<math>``, or "" where it holds a macro that nobody but its author knows."""
    if len(formula) > LONGEST:
        return ""
    try:
        typed = _ALPHABET.sub(r"\1{\2}", shorthands.written_out(formula.strip()))
        return _page(convert_to_element(_TWO_WORDS.sub(r"\\operatorname{\2}\\,\\operatorname\1{\3}", typed)))
    except Exception:  # noqa: BLE001  whatever a converter stumbles over, the line of text is there
        return ""


def _page(math: Element) -> str:
    """The formula, in pieces where it is long: a line may break between them, and nowhere within."""
    row = list(math)
    while len(row) == 1 and _tag(row[0]) in ("mrow", "mstyle") and len(row[0]):
        row = list(row[0])
    pieces, length = [""], 0
    for number, child in enumerate(row):
        before = row[number - 1] if number else None
        shown = _gap(before, child) + _written(child, 1)
        is_break = (
            length > ROOM
            and _tag(child) == "mo"
            and html.unescape(child.text or "") in _BREAKS
            and number + 1 < len(row)
        )
        if is_break:
            shown = shown.replace("<mo>", '<mo form="infix">', 1)
        pieces[-1] += shown
        length += len("".join(child.itertext()))
        if is_break:
            pieces.append("")
            length = 0
    return "".join(f"<math>{piece}</math>" for piece in pieces)


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _written(element: Element, depth: int) -> str:
    """The element with what it holds. Raises ValueError for what is not on the list."""
    tag = _tag(element)
    if depth > DEEPEST or (tag not in _ELEMENTS and tag not in _TRANSPARENT):
        raise ValueError(tag)
    if tag == "mi" and html.unescape(element.text or "") == "~":
        return "<mo>∼</mo>"
    children = list(element)
    inner = _text(html.unescape(element.text or ""))
    for number, child in enumerate(children):
        gap = _gap(children[number - 1] if number else None, child) if tag in _ROWS else ""
        inner += gap + _written(child, depth + 1)
    if tag in _TRANSPARENT or (tag == "mrow" and len(children) == 1):
        # One child needs no row.
        return inner if len(children) == 1 else f"<mrow>{inner}</mrow>"
    return f"<{tag}{_attributes(element)}>{inner}</{tag}>"


def _gap(before: Element | None, element: Element) -> str:
    """The names of functions stand apart from letters and numbers, but not from their brackets."""
    if before is None:
        return ""
    sides = (_is_function(before), _is_function(element))
    return (
        _THIN
        if any(sides)
        and all(
            function or _tag(one) not in ("mo", "mspace")
            for function, one in zip(sides, (before, element), strict=True)
        )
        else ""
    )


def _is_function(element: Element) -> bool:
    while _tag(element) in ("msub", "msup", "msubsup", "munder", "mover") and len(element):
        element = element[0]
    return (element.text or "").removeprefix("\\") in FUNCTIONS


def _attributes(element: Element) -> str:
    return "".join(
        f' {name}="{value}"'
        for name, value in element.items()
        if name in _ATTRIBUTES and _ATTRIBUTES[name].fullmatch(value)
    )


def _text(shown: str) -> str:
    if shown.startswith("\\") and len(shown) > 1:
        name = shown[1:]
        shown = sign(name) if name in FUNCTIONS or sign(name) else ""
        if not shown:
            raise ValueError(name)
    return html.escape(shown, quote=False)
