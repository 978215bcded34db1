"""Authors' names: of one raw text, as arXiv's archive and feeds give them, and of lists that name each apart."""

import re
from collections.abc import Iterable
from functools import lru_cache

from papersite.catalogue.sources import tex

_COMMAS = re.compile(r"\s*[;,，；、]\s*")
_AND = re.compile(r"\s+(?:and|&)\s+|^(?:and|&)\s+|\s+(?:and|&)$|\s*&\s*", re.IGNORECASE)
_LEADING_AND = re.compile(r"^(?:and|&)\s+", re.IGNORECASE)
_SUFFIX = re.compile(
    r"(?:Jr|Sr|II|III|IV|V|2nd|3rd|4th|Ph\.?\s?D|M\.?D|Esq|D\.?Phil|[MB]\.?Sc|MBBS|MPH)\.?", re.IGNORECASE
)
# That there are more, in the words of those who left them out.
_MORE = re.compile(
    r"[,;]?\s*(?:\b(?:and|plus|with)\s+|&\s*|\+\s*|\()?"
    r"(?:\bet\.?\s+al\b\.?|\.\.\.|…|\b(?:(?:at least|over|about|some|many|several)\s+)?"
    r"(?:[0-9,]{1,9}|many|several)\s+(?:other|more|additional|further)s?"
    r"(?:\s+(?:authors?|collaborators?|people|members))?\b|\bothers\b|\bcolleagues\b|\bco-?authors\b|\bcollaborators\b)\)?\s*$",
    re.IGNORECASE,
)
_PEOPLE = r"collaborations?|consortium|consortia|teams?|groups?|task force|working group|committee"
_PLACES = (
    r"labs?|laborator(?:y|ies)|research|institutes?|cent(?:er|re)s?|universit(?:y|ies)|departments?|school|foundation"
    r"|observatory|experiments?|projects?|network|survey|initiative|facility|company|inc|corporation|community"
)
_GROUP = re.compile(rf"\b(?:{_PEOPLE}|{_PLACES})\b", re.IGNORECASE)
_GROUP_OF_PEOPLE = re.compile(rf"^the\b|\b(?:{_PEOPLE})$", re.IGNORECASE)
# "ATLAS and CMS Collaborations"
_GROUPS = re.compile(
    r"^\s*(?:the )?\w+ (?:and|&) (?:the )?\w+ (?:collaborations|teams|groups|consortia)\s*$", re.IGNORECASE
)
_ON_BEHALF = re.compile(
    rf"[,;]?\s*\b(?:on behalf of|for the|representing the)\s+"
    rf"(?:[^,;:]*?\b(?:{_PEOPLE}|{_PLACES})\b|[^,;:]*)",
    re.IGNORECASE,
)
_APPENDIX = re.compile(
    r"[,;]?\s*\bwith (?:an? |two )?(?:appendix|appendices|contributions?) (?:by|from|of)\s+", re.IGNORECASE
)
_ORCID = re.compile(r"\s*(?:https?://orcid\.org/)?\b[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]\b")
_SIMPLE = re.compile(r"[^\W\d_]+\.?(?:[ -][^\W\d_]+\.?)*")
_HINTS = frozenset({
    "jr", "sr", "ii", "iii", "iv", "v", "esq", "phd", "and", "for", "on", "plus", "with", "et", "others", "colleagues",
    "representing", "dr", "prof",
})  # fmt: skip
_HINT = re.compile(rf"\b(?:{'|'.join(sorted(_HINTS))})\b", re.IGNORECASE)
_FAMILY = re.compile(
    r"(?:(?:van|von|de|der|den|del|della|di|da|la|le|al|el|ter|ten|dos|du|des|san|st\.?|mc|bin|ibn|zu|af)[ '-])*[^\s]+",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.[ -]?){1,4}")
# Marks of affiliations and equal shares.
_MARKS = " \t\n/*†‡§¶#^+,:-–¹²³⁴⁵⁶⁷⁸⁹⁰‖∗⋆★✉"
_NUMBERED = re.compile(
    r"(?<=[^\W\d_A-Z])[0-9]{1,2}(?:[,*†‡][0-9]{1,2})*$|^[0-9]{1,2}(?=[A-Z][^\W\d_])|[*†‡∗][0-9,*†‡∗]*$"
)
_TITLE = re.compile(r"(?:(?:Prof|Dr)(?:\.\s*|\s+)|(?:Mrs?|Ms)\.\s*)+(?=[^\W\d_]\S*\s+\S)")
_EMAIL = re.compile(r"\s*[<({]?\s*[\w.+-]+@[\w-]+(?:\.[\w-]+)+\s*[>)}]?")
# arXiv writes the initials of "P.-A." apart.
_BROKEN_HYPHEN = re.compile(r"(?<=\.) -(?=[^\W\d_])|(?<=[^\W\d_])- (?=[^\W\d_])|(?<=[^\W\d_])–(?=[^\W\d_])")
_NUMBER_APART = re.compile(r"(?:\s+[0-9]{1,3})+$")
# Of one name, and of the end of a list of them.
_LONGEST, _END = 1000, 2000


def split(raw: str) -> tuple[str, ...]:
    """The names of one text in order, each once, without affiliations and their marks."""
    text = _APPENDIX.sub(", ", _without_more(_ON_BEHALF.sub("", _readable(raw))))
    if turned := _turned(text):
        return _joined(turned)
    # "The X Collaboration: A, B": the group and its members.
    parts = _COMMAS.split(text.replace(":", ","))
    return _joined(name for part in parts for name in _by_and(part))


def _turned(text: str) -> list[str]:
    """The names of a text as BibTeX has them, "Roe, Ann and Ek, Bo"; none where it is written otherwise."""
    people = [_COMMAS.split(person) for person in _AND.split(text)] if "," in text else []
    is_turned = len(people) > 1 and all(
        len(parts) == 2 and (_FAMILY.fullmatch(parts[0]) or " " not in parts[1]) for parts in people
    )
    return [f"{given} {family}" for family, given in people] if is_turned else []


def each(listed: Iterable[str]) -> tuple[str, ...]:
    """The names of a list that names each apart. What one entry holds is split only where it is plainly two people."""
    listed = tuple(listed)
    if all(map(_is_simple, listed)):
        return tuple(dict.fromkeys(listed))
    return _joined(name for raw in listed for name in ([raw] if _is_simple(raw) else _entry(raw)))


@lru_cache(maxsize=50_000)
def _is_simple(raw: str) -> bool:
    """Whether a name is nothing but words with plain spaces between them, and none of these means anything here."""
    if all(map(str.isalpha, raw.split(" "))):
        return _HINTS.isdisjoint(raw.lower().split(" "))
    return _SIMPLE.fullmatch(raw) is not None and not _HINT.search(raw)


def _entry(raw: str) -> list[str]:
    is_group = _GROUP.search(raw) is not None and _ON_BEHALF.search(raw) is None
    # A group's own short name stands in brackets, a person's affiliation does.
    text = " ".join(tex.plain(raw).split()) if is_group else _ON_BEHALF.sub("", _readable(raw))
    text = _LEADING_AND.sub("", _APPENDIX.sub(", ", _without_more(text)).strip(_MARKS))
    parts = [text] if is_group else _given_first([part for part in _COMMAS.split(text) if part])
    return [name for part in parts for name in _by_and(part)]


def _given_first(parts: list[str]) -> list[str]:
    """The parts of one entry: "Roe, Ann" and "Roe, Jr., Ann" are one person's."""
    suffixes = [part for part in parts if _SUFFIX.fullmatch(part)]
    names = [part for part in parts if not _SUFFIX.fullmatch(part)]
    if len(names) != 2 or len(suffixes) > 1 or not (_FAMILY.fullmatch(names[0]) or _INITIALS.fullmatch(names[1])):
        return parts
    return [f"{names[1]} {names[0]}", *suffixes]


def is_group(name: str) -> bool:
    """Whether a tidy name is that of a team or an institute."""
    return _GROUP.search(name) is not None


def has_more(raw: str) -> bool:
    """Whether a text says that it leaves authors out."""
    if _is_simple(raw):
        return False
    end = raw[-_END:].rstrip()
    text = _readable(end)
    return _without_more(text) != text or bool(re.search(r"\([^()]*\b(?:more|others|additional)\b[^()]*\)$", end))


def _readable(raw: str) -> str:
    return " ".join(_without_brackets(tex.plain(raw)).split())


def _without_more(text: str) -> str:
    return _MORE.sub("", text)


def _by_and(part: str) -> list[str]:
    """What stands around "and"; the name of one institute may hold it too."""
    if _GROUPS.search(part):
        return [part.strip()]
    sides = [side for side in _AND.split(part.strip()) if side.strip()]
    if len(sides) < 2 or not _GROUP.search(part) or any(map(_GROUP_OF_PEOPLE.search, sides)):
        return sides
    return [part]


def _joined(parts: Iterable[str]) -> tuple[str, ...]:
    """Tidy names, each once, a suffix with the name before it."""
    names: list[str] = []
    for part in parts:
        name = _tidy(part)
        if names and _SUFFIX.fullmatch(name):
            names[-1] = f"{names[-1]} {name}{'.' if part.strip().endswith('.') and not name.endswith('.') else ''}"
        elif any(character.isalpha() for character in name):
            names.append(name)
    return tuple(dict.fromkeys(names))


def _tidy(part: str) -> str:
    """A name without the numbers and signs of its affiliations; what is called by a number keeps it."""
    name = " ".join(part.strip(_MARKS)[:_LONGEST].lstrip(".").split())
    name = _ORCID.sub("", name) if "-0" in name else name
    name = _TITLE.sub("", _EMAIL.sub("", name) if "@" in name else name)
    name = _BROKEN_HYPHEN.sub("-", name)
    is_person = " " in name and not _GROUP.search(name)
    if is_person and "." not in name.partition(" ")[0].strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ."):
        apart = _NUMBER_APART.sub("", name)
        name = apart if " " in apart else name
        name = _NUMBERED.sub("", name)
    return name.strip(_MARKS)


def _without_brackets(text: str) -> str:
    """Without what stands in brackets, however deep. A bracket that has no partner is left out alone."""
    if "(" not in text and "[" not in text and ")" not in text and "]" not in text:
        return text
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
