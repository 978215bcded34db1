"""A formula as MathML Core for pages: only elements and attributes of a list, no addresses, no styles."""

import html
import re
from functools import lru_cache
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

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
        return _written(convert_to_element(formula.strip()), 0)
    except Exception:  # noqa: BLE001  whatever a converter stumbles over, the line of text is there
        return ""


def _written(element: Element, depth: int) -> str:
    """The element with what it holds. Raises ValueError for what is not on the list."""
    tag = element.tag.rpartition("}")[2]
    if depth > DEEPEST or (tag not in _ELEMENTS and tag not in _TRANSPARENT):
        raise ValueError(tag)
    text = _text(html.unescape(element.text or ""))
    inner = text + "".join(_written(child, depth + 1) for child in element)
    if tag in _TRANSPARENT or (tag == "mrow" and (len(element) == 1 or depth == 1)):
        # One child needs no row; neither does what stands in the formula itself.
        return inner if len(element) == 1 or depth == 1 else f"<mrow>{inner}</mrow>"
    return f"<{tag}{_attributes(element)}>{inner}</{tag}>"


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
