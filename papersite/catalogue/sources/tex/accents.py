"""Letters with accents as TeX types them: \\'e, \\v{s}, Erd\\H os. Pure."""

import re
import unicodedata

from papersite.catalogue.sources.tex.symbols import ACCENTS

# Stands before what was TeX and is read.
SEEN = "\ue00f"
_BASE = f"{SEEN}?([^\\W\\d_][\\u0300-\\u036f]*)"
_SIGN_ACCENT = re.compile(rf"""\\([`'^"~=.])\s*(?:\{{\s*{_BASE}\s*\}}|{_BASE})""")
_LETTER_ACCENT = re.compile(rf"\\([uHvdckbr])(?:\s*\{{\s*{_BASE}\s*\}}|\s+{_BASE}(?![A-Za-z]))")
# A letter within a word or that begins one, with its accent's name before it and no braces.
_GLUED_ACCENT = re.compile(r"\\(?<=[^\W\d_]\\)([uHvckr])\s+([^\W\d_])|\\([uHvckr])\s+([A-Z])(?=[a-z])")


def accented(text: str) -> str:
    """The text with such letters in Unicode, each after a sign that it was read."""
    for _ in range(3):
        text = _LETTER_ACCENT.sub(_accented, _SIGN_ACCENT.sub(_accented, text))
    return _GLUED_ACCENT.sub(_composed, text)


def _accented(found: re.Match[str]) -> str:
    base = next(group for group in found.groups()[1:] if group)
    letter = {"ı": "i", "ȷ": "j"}.get(base, base)
    return SEEN + unicodedata.normalize("NFC", letter + ACCENTS[found[1]])


def _composed(found: re.Match[str]) -> str:
    """A letter with its accent where Unicode has it as one."""
    letter = unicodedata.normalize("NFC", (found[2] or found[4]) + ACCENTS[found[1] or found[3]])
    return SEEN + letter if len(letter) == 1 else found[0]
