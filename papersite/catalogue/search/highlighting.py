"""Shows in a text what a search was about. What comes out is HTML; what went in never is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from papersite.catalogue.search.language import All, AnyOf, Node, Prefix, Words
from papersite.catalogue.search.words import spellings, stem, words

_WORD = re.compile(r"[^\W_]+")
EXCERPT_WORDS = 60
WORDS_BEFORE = 12


@dataclass(frozen=True, slots=True)
class Marks:
    """The words to be shown: by their stems, and by how they begin."""

    stems: frozenset[str] = frozenset()
    starts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.stems or self.starts)

    def fits(self, shown: str) -> bool:
        """Whether a word as it stands in a text is one of them."""
        if stem(shown) in self.stems:
            return True
        return bool(self.starts) and any(word.startswith(self.starts) for word in words(shown))


def marks(node: Node | None) -> Marks:
    """What a search wants to see in a paper: not what it leaves out, and not names of authors."""
    wanted = list(_wanted(node))
    return Marks(
        frozenset(one for node in wanted if isinstance(node, Words) for word in node.words for one in spellings(word)),
        tuple(node.start for node in wanted if isinstance(node, Prefix)),
    )


def _wanted(node: Node | None) -> Iterator[Words | Prefix]:
    match node:
        case Words() | Prefix():
            if node.field != "author":
                yield node
        case All(nodes) | AnyOf(nodes):
            for inner in nodes:
                yield from _wanted(inner)


def highlight(text: str, wanted: Marks) -> SafeString:
    """A text with the wanted words in ``<mark>``."""
    parts, end = [], 0
    for match in _WORD.finditer(text):
        if wanted.fits(match[0]):
            parts += [escape(text[end : match.start()]), f"<mark>{escape(match[0])}</mark>"]
            end = match.end()
    return mark_safe("".join([*parts, escape(text[end:])]))  # noqa: S308  every piece was escaped


def excerpt(text: str, wanted: Marks) -> SafeString:
    """The part of a text where the wanted words begin, highlighted."""
    pieces = text.split()
    first = next((n for n, piece in enumerate(pieces) if any(map(wanted.fits, _WORD.findall(piece)))), 0)
    # The beginning of a text explains itself: it is left only for a word that comes late.
    start = max(0, first - WORDS_BEFORE) if first >= EXCERPT_WORDS - WORDS_BEFORE else 0
    shown = " ".join(pieces[start : start + EXCERPT_WORDS])
    before, after = "… " if start else "", " …" if start + EXCERPT_WORDS < len(pieces) else ""
    return mark_safe(f"{before}{highlight(shown, wanted)}{after}")  # noqa: S308  highlight escapes
