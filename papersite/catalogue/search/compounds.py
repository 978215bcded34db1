"""Words that are written in more ways than one: multi-modal, multimodal and multi modal; C++ and .NET.

Analysers part words at every sign. What a sign says is written here in letters: joined spellings and names
with signs go into the index beside the words that they are made of, and queries ask for either.
"""

import re
from collections.abc import Iterator

from papersite.catalogue.search.words import LITTLE, LONGEST, plain, words

# Signs that join parts into one word; a lower place, as in l_1 and x^2, is a part of a name too.
_JOINING = "-‐_^"
# Each begins where a word does: what does not match from there matches from nowhere within.
_JOINED = re.compile(f"(?<![^\\W_])[^\\W_]+(?:[{_JOINING}]+[^\\W_]+)+")
# C++, k-means++, C#, F#; .NET, but not the end of a sentence.
_AFTER = re.compile(
    f"(?<![^\\W_])(?<![^\\W_][{_JOINING}])(?P<name>[^\\W_]+(?:[{_JOINING}][^\\W_]+)*)(?P<sign>\\+\\+|#)(?![\\w+#])|(?P<c>\\bC)\\+\\+",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\.(?P<name>[^\W\d_][^\W_]+)")
_BEGINS_AFTER = frozenset(" (/")
_SIGNS = {"++": "plusplus", "#": "sharp"}


def also_written(text: str) -> list[str]:
    """What the words of a plain text are in other spellings: "multi-modal" is multimodal, "C++" is cplusplus."""
    found: list[str] = []
    for sign in _JOINING:
        if sign in text:
            pieces = [text[start:end] for start, end in _pieces_with(sign, text)]
            found += map(_together, _JOINED.findall(" ".join(pieces)))
    found += [name for name, _, _ in _signed(text)]
    return [one for one in found if len(one) <= LONGEST]


def _pieces_with(sign: str, text: str) -> Iterator[tuple[int, int]]:
    """Where what holds a sign stands between spaces: most of a text needs no look by a pattern."""
    place = text.find(sign)
    while place >= 0:
        end = text.find(" ", place)
        end = end if end >= 0 else len(text)
        yield text.rfind(" ", 0, place) + 1, end
        place = text.find(sign, end)


def signed(text: str) -> tuple[list[str], str]:
    """The names with signs in a text, in letters; and the text without them."""
    shown = plain(text)
    found, end, rest = [], 0, []
    for name, start, stop in _signed(shown):
        found += words(name)
        rest.append(shown[end:start])
        end = stop
    return found, " ".join([*rest, shown[end:]])


def _signed(text: str) -> Iterator[tuple[str, int, int]]:
    """Each name with a sign in letters, and where it stands."""
    pieces = {piece for sign in "#+" if sign in text for piece in _pieces_with(sign, text)}
    for start, end in sorted(pieces):
        for match in _AFTER.finditer(text, start, end):
            name, sign = (match["name"], match["sign"]) if match["name"] else (match["c"], "++")
            yield _together(name) + _SIGNS[sign], *match.span()
    for match in _BEFORE.finditer(text):
        if not match.start() or text[match.start() - 1] in _BEGINS_AFTER:
            yield f"dot{match['name']}", *match.span()


def without_sign(word: str) -> str:
    """The name of a method typed with a sign: "kmeans" of "kmeansplusplus"; "" of a language's and of others."""
    base = word.removesuffix(_SIGNS["++"])
    return base if base != word and len(base) > 2 else ""


def _together(text: str) -> str:
    for sign in _JOINING:
        text = text.replace(sign, "")
    return text


def halves(word: str) -> list[tuple[str, str]]:
    """The ways in which one word may be two: "ecommerce" is e commerce, "gpt4" is gpt 4."""
    pairs = ((word[:place], word[place:]) for place in range(1, len(word)))
    return [(one, two) for one, two in pairs if _may_part(one, two)]


def _may_part(one: str, two: str) -> bool:
    if one in LITTLE or two in LITTLE:
        return False
    return len(two) > 1 or one[-1].isdigit() != two.isdigit()
