"""What people type into the search box, with plain quotes, signs and letters, and with less of it. Pure."""

import re

from papersite.catalogue.reading.readable import readable
from papersite.catalogue.search.words import AND_OTHERS

# What keyboards, word processors and web pages make of quotes, dashes and brackets.
_QUOTES = dict.fromkeys(map(ord, "“”„‟«»‹›＂〝〞〟「」『』"), '"')
_DASH_BEFORE = re.compile(r"(?:^|(?<=[\s(]))[‐‑‒–—−﹣－](?=[^\s‐‑‒–—−﹣－])")
# The same quotes single, and TeX's; an apostrophe has a letter on both its sides.
_SINGLE_QUOTED = re.compile(r"(?<!\w)[‘‚‛]([^‘’‚‛\"]+)[’‘](?!\w)|``([^`'\"]+)''")


def as_typed(text: str) -> str:
    """A text with plain quotes and signs, with letters for TeX, and without those who wrote it too."""
    text = AND_OTHERS.sub("", readable(text) if "$" in text or "\\" in text else text)
    if "`" in text or not text.isascii():
        text = _SINGLE_QUOTED.sub(lambda found: f'"{found[1] or found[2]}"', text)
    if text.isascii():
        return text
    text = text.translate(_QUOTES | {0xFF08: "(", 0xFF09: ")", 0xFF1A: ":", 0x3000: " "})
    return _DASH_BEFORE.sub("-", text)


def without(text: str, term: str) -> str:
    """A search without one of its filters, such as ``topic:agents``."""
    return " ".join(piece for piece in text.split() if piece.lower() != term.lower())


def without_sort(text: str) -> str:
    return " ".join(piece for piece in text.split() if not piece.lower().startswith("sort:"))
