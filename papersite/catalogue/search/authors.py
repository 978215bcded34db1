"""Authors as they are named in searches: in full, or with an initial for a name."""

import re
from collections.abc import Iterable
from string import ascii_lowercase

from tantivy import Query, Searcher

from papersite.catalogue.search.queries import NOTHING, any_of, phrase, term
from papersite.catalogue.search.schema import schema

# So many of the names that an initial may stand for, those of most papers first.
MOST_NAMES = 50
# Nobody is called by more initials, nor by more names; each of them would be looked up.
MOST_INITIALS, LONGEST_NAME = 3, 8
# Of all that one place of a name may hold.
MOST_LETTERS = 500
# O'Brien and D'Angelo, which are typed as one word too.
_BEFORE_APOSTROPHE = "od"
SHORTEST_AFTER_APOSTROPHE = 4
_UMLAUT = re.compile("(?<=[aou])e")


def by_author(searcher: Searcher, name: tuple[str, ...]) -> Query:
    """Papers by an author of this name; where nobody has it, "Mueller" may be Müller too."""
    if len(name) > LONGEST_NAME:
        return phrase("author", name)
    unmarked = tuple(_UMLAUT.sub("", word) for word in name)
    if unmarked == name or _is_found(searcher, name) or not _is_found(searcher, unmarked):
        return _as_typed(searcher, name)
    return any_of([_as_typed(searcher, name), _as_typed(searcher, unmarked)])


def _as_typed(searcher: Searcher, name: tuple[str, ...]) -> Query:
    """ "C. Ma" is every Ma whose first name begins so. "Chiyu Ma" is also
    found where only "C. Ma" stands, unless that may be somebody else."""
    first, *rest = name
    if not rest:
        return one_name(first)
    if len(rest[-1]) == 1:
        # As medicine's libraries write it, "LeCun Y".
        turned = [_as_typed(searcher, (rest[-1], first, *rest[:-1]))] if len(first) > 1 else []
        return any_of([phrase("author", name), *turned])
    if 1 < len(rest) <= MOST_INITIALS and all(len(one) == 1 for one in name[:-1]):
        return any_of([phrase("author", name), _initials(searcher, name)])
    if len(first) == 1:
        return _called(dict.fromkeys([name, *_begun(searcher, first, rest)]))
    short = (first[0], *rest)
    is_signed_so = _is_found(searcher, short)
    others = (one for one in _begun(searcher, first[0], rest) if one not in (short, name))
    if is_signed_so and not any(_is_found(searcher, one) for one in others):
        return _called([name, short])
    return _called([name])


def one_name(word: str) -> Query:
    """A single name, with its apostrophe or without."""
    apart = (word[0], word[1:])
    is_apart = word[0] in _BEFORE_APOSTROPHE and len(apart[1]) >= SHORTEST_AFTER_APOSTROPHE
    return any_of([term("author", word), *([phrase("author", apart)] if is_apart else [])])


def _initials(searcher: Searcher, name: tuple[str, ...]) -> Query:
    """Whoever has these initials and the name behind them: "M.-H. Yang" is Ming-Hsuan Yang."""
    *initials, last = name
    begun = (dict.fromkeys([one, *(full for full, *_ in _begun(searcher, one, [last]))]) for one in initials)
    return _any_of_each(*begun, [last])


def _called(names: Iterable[tuple[str, ...]]) -> Query:
    """Whoever has one of these names, or the same with an initial in its middle. All end alike."""
    names = list(names)
    phrases = [phrase("author", name) for name in names]
    if len(names[0]) != 2:
        return any_of(phrases)
    return any_of([*phrases, _any_of_each([first for first, _ in names], ascii_lowercase, [names[0][-1]])])


def _any_of_each(*places: Iterable[str]) -> Query:
    """Words one after the other, at each place one of several. Those that are no mere letters are none, and of many
    the first: to Tantivy a pattern of over 1,000 states is an error of the index."""
    patterns = []
    for words in places:
        room, pattern = MOST_LETTERS, ""
        for word in words:
            room -= len(word.encode())
            pattern += f"|{word}" if word.isalnum() and room >= 0 else ""
        patterns.append(f"(?:{pattern[1:]})")
    return NOTHING if "(?:)" in patterns else Query.regex_phrase_query(schema(), "author", [*patterns])


def _begun(searcher: Searcher, initial: str, rest: list[str]) -> list[tuple[str, ...]]:
    """What an initial may stand for, among the papers that have the name behind it."""
    among = term("author", rest[-1])
    return [(full, *rest) for full, _ in searcher.terms_with_prefix("author", initial, among, MOST_NAMES)]


def _is_found(searcher: Searcher, name: tuple[str, ...]) -> bool:
    return bool(searcher.search(phrase("author", name), 1).hits)
