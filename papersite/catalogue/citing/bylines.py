"""An author's name in the parts that references ask for. Pure."""

import re
from typing import NamedTuple

from papersite.catalogue.sources.names import is_group

_SUFFIX = re.compile(r"(?:Jr|Sr|Esq)\.?|II|III|IV|2nd|3rd|4th|Ph\.?D\.?|M\.D\.|D\.Phil\.?")
# Han, kana and Hangul.
_EAST_ASIAN = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]+")
_PARTICLE = re.compile(r"(?:van|von|vom|de|der|den|del|della|di|da|du|la|le|ter|ten|dos|das|zu|zur|al|el|bin|ibn)")


class Byline(NamedTuple):
    """A person in parts; a group, and whoever has one name, is a family name alone."""

    family: str
    given: str = ""
    suffix: str = ""
    is_group: bool = False


def parts(name: str) -> Byline:
    """Particles in small letters belong to the family name, as BibTeX has it: "van der Plas"."""
    words = name.split()
    if len(words) < 2:
        return Byline(name.strip())
    if is_group(name) or "," in name or "and" in map(str.lower, words):
        return Byline(" ".join(words), is_group=True)
    # In these scripts the family comes first.
    if len(words) == 2 and all(map(_EAST_ASIAN.fullmatch, words)):
        return Byline(words[0], words[1])
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    at = len(words) - 1
    while at > 1 and _PARTICLE.fullmatch(words[at - 1]):
        at -= 1
    # "Van der" and "De la": only the first of them is written large.
    if at > 1 and at < len(words) - 1 and _PARTICLE.fullmatch(words[at - 1].lower()):
        at -= 1
    return Byline(" ".join(words[at:]), " ".join(words[:at]), suffix)
