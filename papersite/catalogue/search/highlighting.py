"""Shows in a text what a search was about. What comes out is HTML; what went in never is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from django.utils.html import escape
from django.utils.safestring import SafeData, SafeString, mark_safe

from papersite.catalogue.models import Paper
from papersite.catalogue.reading import readable
from papersite.catalogue.search.compounds import also_written
from papersite.catalogue.search.language import All, AnyOf, Node, Prefix, Words
from papersite.catalogue.search.meanings import own_forms
from papersite.catalogue.search.words import fold, plain, spellings, stem, words

_WORD = re.compile(r"[^\W_]+")
# With the signs that may be a part of a word.
_RUN = re.compile(r"\.?[^\W_]+(?:[-‐_^]+[^\W_]+)*(?:\+\+|#)?")
_PIECE = re.compile(r"<math>.*?</math>|<[^>]*>|[^<]+", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Marks:
    """The words to be shown: by their stems, in these very forms, and by how they begin."""

    stems: frozenset[str] = frozenset()
    starts: tuple[str, ...] = ()
    forms: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.stems or self.starts or self.forms)

    def fits(self, shown: str) -> bool:
        """Whether a word as it stands in a text is one of them."""
        found = words(shown)
        return (len(found) == 1 and (found[0] in self.forms or stem(found[0]) in self.stems)) or (
            bool(self.starts) and any(word.startswith(self.starts) for word in found)
        )

    def fits_whole(self, shown: str) -> bool:
        """Whether words in one, or a name with a sign, are one of them: C++, multi-modal where that is multimodal."""
        return any(one in self.forms or stem(one) in self.stems for one in map(fold, also_written(plain(shown))))


def marks(node: Node | None) -> Marks:
    """What a search wants to see in a paper: not what it leaves out, and not names of authors."""
    wanted = list(_wanted(node))
    named = [node for node in wanted if isinstance(node, Words)]
    written = [form for node in named for form in _forms(node)]
    return Marks(
        frozenset(one for node in named for word in _spellings(node) for one in spellings(word)),
        tuple(node.start for node in wanted if isinstance(node, Prefix)),
        frozenset(written),
    )


def _spellings(node: Words) -> list[str]:
    """What is found by its stem."""
    if node.is_exact:
        return []
    together = ["".join(node.words)] if len(node.words) > 1 else []
    return [word for word in (*node.words, *together) if not own_forms(word)]


def _forms(node: Words) -> list[str]:
    return list(node.words) if node.is_exact else [form for word in node.words for form in own_forms(word)]


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
    for begin, stop in _places(text, wanted):
        parts += [escape(text[end:begin]), f"<mark>{escape(text[begin:stop])}</mark>"]
        end = stop
    return "".join([*parts, escape(text[end:])])


def _places(text: str, wanted: Marks) -> Iterator[tuple[int, int]]:
    for run in _RUN.finditer(text):
        if not run[0].isalnum() and wanted.fits_whole(run[0]):
            yield run.span()
            continue
        for match in _WORD.finditer(text, *run.span()):
            if wanted.fits(match[0]):
                yield match.span()


def _piece(piece: str, wanted: Marks) -> str:
    """A formula is marked as a whole, for no mark may stand within one; a tag stays as it is."""
    if piece.startswith("<math"):
        shown = unescape(_TAG.sub("", piece))
        return f"<mark>{piece}</mark>" if _has(shown, wanted) else piece
    return piece if piece.startswith("<") else _highlighted(unescape(piece), wanted)


def _has(text: str, wanted: Marks) -> bool:
    return any(True for _ in _places(text, wanted))


def excerpt(paper: Paper, wanted: Marks) -> SafeString:
    """What is said of a paper, highlighted: its excerpt, or where that has no wanted word, the sentences that do."""
    if not _has(paper.brief, wanted):
        source = paper.source_abstract or paper.abstract
        found = readable.sentence_with(source, lambda text: _has(text, wanted), paper.title)
        if found is not None:
            text, in_html = found
            return highlight(mark_safe(in_html) if in_html else text, wanted)  # noqa: S308  made by sources.tex
    return highlight(paper.shown_excerpt, wanted)
