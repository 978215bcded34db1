"""What is read from a source's words: a line of Unicode, markup for pages, and an excerpt of both. Pure."""

import re
from functools import lru_cache

from papersite.catalogue.reading import excerpts, openers
from papersite.catalogue.sources import tex

# Raised whenever texts are read in another way: ``manage.py reread`` reads again what an older reader read.
READER = 7
_PRINTABLE = bytes(range(0x20, 0x7F))
# Controls that part no words, marks that turn the direction of the text around them, and code points
# that Unicode keeps free of characters.
_DANGEROUS = re.compile(
    "[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ufff9-\ufffb"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)


def harmless(text: str) -> str:
    # Printable text holds no controls and no marks of direction: most of it needs no closer look.
    return text if _is_printable(text) else _DANGEROUS.sub("", text)


def _is_printable(text: str) -> bool:
    # Of ASCII, which most texts are, bytes without the printable ones say it in a third of the time.
    return not text.encode().translate(None, _PRINTABLE) if text.isascii() else text.isprintable()


def one_line(text: str) -> str:
    # Of all white space only a plain space is printable.
    if _is_printable(text) and "  " not in text:
        return text.strip(" ")
    return " ".join(harmless(text).split())


def readable(text: str, title: str = "") -> str:
    """One line with Unicode for TeX and tags. ``title``, of whose paper it is, may tell what authors' macros say."""
    if text.isprintable() and tex.is_plain(text):
        return one_line(text)
    # Once a control between them is gone, two letters may be a command of TeX.
    return one_line(tex.plain(harmless(text), title))


def markup(source: str, title: str = "") -> str:
    """The same as HTML for pages, or "" where the line of text says it all."""
    return "" if source.isprintable() and tex.is_plain(source) else tex.markup(_passage(source, title))


def read(line: str, title: str = "") -> tuple[str, str]:
    """Both of a source's words, of which ``one_line`` was made; most hold no TeX and are looked at once."""
    if tex.is_plain(line):
        return line, ""
    return readable(line, title), markup(line, title)


def excerpt(summary: str, source: str, title: str = "") -> tuple[str, str]:
    """What cards and mails say of a paper, as a line of text and as HTML ("" where the text says it all).

    A summary by its beginning, else the sentences of the abstract that say most.
    """
    if summary:
        return excerpts.leading(one_line(summary)), ""
    passage = _passage(source, title)
    part = passage.part(openers.without(excerpts.chosen(passage.text)))
    if not passage.formulas and part.text.isprintable():
        return part.text, ""
    return readable(part.plain()), tex.markup(part)


def sentence_with(source: str, words: "excerpts.Fits", title: str = "") -> tuple[str, str] | None:
    """The sentences of an abstract from the first that fits on, as text and as HTML; None where none does."""
    passage = _passage(source, title)
    found = excerpts.around(passage.text, lambda sentence: words(passage.part(sentence).plain()))
    if found is None:
        return None
    part = passage.part(found)
    return readable(part.plain()), tex.markup(part)


def _passage(source: str, title: str) -> tex.Passage:
    # Only a macro asks for the title.
    return _passage_of(source, title if "\\" in source else "")


@lru_cache(maxsize=1024)
def _passage_of(source: str, title: str) -> tex.Passage:
    line = one_line(source)
    if tex.is_plain(line) and (line is source or tex.is_plain(source)):
        return tex.Passage(line)
    return tex.passage(harmless(source), title).one_line()
