"""Shows in a text what a search was about. What comes out is HTML; what went in never is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from django.utils.html import escape
from django.utils.safestring import SafeData, SafeString, mark_safe

from papersite.catalogue import readable
from papersite.catalogue.models import Paper
from papersite.catalogue.search.language import All, AnyOf, Node, Prefix, Words
from papersite.catalogue.search.words import spellings, stem, words

_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"<math>.*?</math>|<[^>]*>|[^<]+", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


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
    """A text with the wanted words in ``<mark>``; of markup, which is safe, only the texts between its tags."""
    if not isinstance(text, SafeData):
        return mark_safe(_highlighted(text, wanted))  # noqa: S308  every piece is escaped
    return mark_safe("".join(_piece(found[0], wanted) for found in _PIECE.finditer(text)))  # noqa: S308  the same


def _highlighted(text: str, wanted: Marks) -> str:
    parts, end = [], 0
    for match in _WORD.finditer(text):
        if wanted.fits(match[0]):
            parts += [escape(text[end : match.start()]), f"<mark>{escape(match[0])}</mark>"]
            end = match.end()
    return "".join([*parts, escape(text[end:])])


def _piece(piece: str, wanted: Marks) -> str:
    """A formula is marked as a whole, for no mark may stand within one; a tag stays as it is."""
    if piece.startswith("<math"):
        shown = unescape(_TAG.sub("", piece))
        return f"<mark>{piece}</mark>" if _has(shown, wanted) else piece
    return piece if piece.startswith("<") else _highlighted(unescape(piece), wanted)


def _has(text: str, wanted: Marks) -> bool:
    return any(wanted.fits(word) for word in _WORD.findall(text))


def excerpt(paper: Paper, wanted: Marks) -> SafeString:
    """What is said of a paper, highlighted: its excerpt, or where that has no wanted word, the sentences that do."""
    if not _has(paper.brief, wanted):
        found = readable.sentence_with(paper.source_abstract or paper.abstract, lambda text: _has(text, wanted))
        if found is not None:
            text, in_html = found
            return highlight(mark_safe(in_html) if in_html else text, wanted)  # noqa: S308  made by sources.tex
    return highlight(paper.shown_excerpt, wanted)
