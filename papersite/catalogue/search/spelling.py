"""What was meant by a word that no paper has."""

import re
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA
from tantivy import Searcher

from papersite.catalogue.search.language import All, AnyOf, Node, Words
from papersite.catalogue.search.words import spellings, words

# In shorter words a slip cannot be told from another word.
SHORTEST = 4
TWO_SLIPS_FROM = 7
# More words are no question somebody typed, and each costs a look through the vocabulary.
MOST_WORDS = 20


def mended(searcher: Searcher, text: str, node: Node | None) -> str:
    """The text of a search with each unknown word replaced by the likeliest known one; "" where
    there is none to replace, or none to replace it by."""
    changed = text
    asked = dict.fromkeys((word, one.field) for one in _single_words(node) for word in one.words)
    if len(asked) > MOST_WORDS:
        return ""
    for word, field in asked:
        if (better := _meant(searcher, word, field)) is None:
            return ""
        if better != word:
            changed = _replaced(changed, word, better)
    return changed if changed != text else ""


def _replaced(text: str, word: str, better: str) -> str:
    """A text with one word replaced, whatever its case and accents are in it."""
    return re.sub(r"[^\W_]+", lambda match: better if words(match[0]) == [word] else match[0], text)


def _single_words(node: Node | None) -> Iterable[Words]:
    """All words that a search wants, whatever field they are of."""
    match node:
        case Words():
            yield node
        case All(nodes) | AnyOf(nodes):
            for inner in nodes:
                yield from _single_words(inner)


def _meant(searcher: Searcher, word: str, field: str) -> str | None:
    """The word itself where it is known, else the likeliest that is; None where nothing is like it."""
    if _is_known(searcher, word, field):
        return word
    if len(word) < SHORTEST:
        return None
    # A slip is seldom in the first letter: most of the vocabulary need not be read.
    return _nearest(searcher, word, field, word[0]) or _nearest(searcher, word, field, "")


def _is_known(searcher: Searcher, word: str, field: str) -> bool:
    as_name = field != "title" and searcher.doc_freq("author", word) > 0
    as_word = field != "author" and any(searcher.doc_freq("stem", stem) for stem in spellings(word))
    return as_name or as_word


def _nearest(searcher: Searcher, word: str, field: str, start: str) -> str | None:
    """Of the words that begin so, the one with fewest slips, and of these the commonest."""
    slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
    counts: dict[str, int] = {}
    for source in ("word", "author"):
        if (source == "author") == (field == "author") or (not field and source == "author"):
            for known, count in searcher.terms_with_prefix(source, start):
                counts[known] = counts.get(known, 0) + count
    near = process.extract(word, counts.keys(), scorer=OSA.distance, score_cutoff=slips, limit=None)
    return min(near, key=lambda found: (found[1], -counts[found[0]], found[0]))[0] if near else None
