"""Authors of one raw text, as arXiv's archive and feeds give them."""

import re

from papersite.catalogue.sources import tex

_PART = re.compile(r"\s*(?:;|,(?:\s*and\b)?|\band\b|&)\s*", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV|Ph\.?D|M\.?D)\.?", re.IGNORECASE)
_ET_AL = re.compile(r"\bet\.?\s+al\b\.?|\.\.\.$", re.IGNORECASE)
_ON_BEHALF = re.compile(r"\b(?:for|on behalf of)\s+the\s+.*?(?:collaboration|consortium|team|group)s?\b", re.IGNORECASE)
_MARKS = " \t\n0123456789*†‡§¶#^+,:-¹²³⁴⁵⁶⁷⁸⁹⁰"


def split(raw: str) -> tuple[str, ...]:
    """The names in order, each once, without affiliations and their marks."""
    text = " ".join(_without_brackets(tex.plain(raw)).split())
    text = _ON_BEHALF.sub("", _ET_AL.sub("", text))
    # "The X Collaboration: A, B": the group and its members.
    text = text.replace(":", ",")
    names: list[str] = []
    for part in _PART.split(text):
        name = " ".join(part.strip(_MARKS).lstrip(".").split())
        if names and _SUFFIX.fullmatch(name):
            names[-1] = f"{names[-1]} {name}{'.' if part.strip().endswith('.') and not name.endswith('.') else ''}"
        elif any(character.isalpha() for character in name):
            names.append(name)
    return tuple(dict.fromkeys(names))


def _without_brackets(text: str) -> str:
    """Without what stands in brackets, however deep. A bracket that has no partner is left out alone."""
    kept: list[str] = []
    opened: list[int] = []
    for character in text:
        if character in "([":
            opened.append(len(kept))
            kept.append("")
        elif character in ")]":
            if opened:
                del kept[opened.pop() :]
                kept.append(" ")
        else:
            kept.append(character)
    return "".join(kept)
