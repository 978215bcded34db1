"""A passage as markup for pages: MathML, and the few tags of emphasis that sources use. Nothing else gets through."""

import html
import re

from papersite.catalogue.sources.tex.linear import maths
from papersite.catalogue.sources.tex.mathml import mathml
from papersite.catalogue.sources.tex.words import FORMULA, MARKUP, Passage, is_hyphen, with_braces

_OPENS = {letter: tag for tag, letter in MARKUP.items()}
_CLOSES = {chr(ord(letter) + 1): tag for tag, letter in MARKUP.items()}
_HYPHENS = ("-", "‐", "–")
_SPECIAL = re.compile(f"[{''.join([*_OPENS, *_CLOSES])}{FORMULA}-\uf8ff]")


def markup(passage: Passage) -> str:
    """The passage as HTML, or "" where it holds nothing but text, which is escaped as any other."""
    if passage.text.isprintable() or not _SPECIAL.search(passage.text):
        return ""
    pieces: list[str] = []
    opened: list[str] = []
    end = 0
    for found in _SPECIAL.finditer(passage.text):
        pieces.append(_escaped(passage.text[end : found.start()]))
        pieces.append(_piece(passage, found, opened))
        end = found.end()
    pieces.append(_escaped(passage.text[end:]))
    pieces += [f"</{tag}>" for tag in reversed(opened)]
    return "".join(pieces)


def _piece(passage: Passage, found: re.Match[str], opened: list[str]) -> str:
    """A formula or a tag. A tag closes only what it opened last, so that the markup is always well formed."""
    letter = found[0]
    if letter in _OPENS:
        opened.append(_OPENS[letter])
        return f"<{_OPENS[letter]}>"
    if letter in _CLOSES:
        if opened and opened[-1] == _CLOSES[letter]:
            return f"</{opened.pop()}>"
        return ""
    number = ord(letter) - ord(FORMULA)
    return _formula(passage, passage.formulas[number], found) if number < len(passage.formulas) else ""


def _formula(passage: Passage, formula: str, found: re.Match[str]) -> str:
    if is_hyphen(formula):
        return passage.hyphen(found)
    shown = mathml(formula)
    if not shown:
        return _escaped(maths(formula))
    # No line breaks between a formula and the hyphen of its compound.
    return f"{shown}\u2060" if passage.text[found.end() : found.end() + 1] in _HYPHENS else shown


def _escaped(text: str) -> str:
    return html.escape(with_braces(text), quote=False)
