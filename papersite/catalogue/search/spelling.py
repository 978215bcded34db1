"""What was meant by a word that no paper has, or hardly any beside a commoner one."""

import re
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA
from tantivy import Query, Searcher

from papersite.catalogue.search.compiling import Compiler
from papersite.catalogue.search.compounds import halves
from papersite.catalogue.search.language import All, AnyOf, Node, Words
from papersite.catalogue.search.queries import phrase
from papersite.catalogue.search.words import spellings, words

# In shorter words a slip cannot be told from another word.
SHORTEST = 4
SHORTEST_KNOWN = 5
SHORTEST_BESIDE = 3
TWO_SLIPS_FROM = 7
# More words are no question somebody typed, and each costs a look through the vocabulary.
MOST_WORDS = 20
MOST_BESIDE = 5
# A slip is printed, too: in so few papers, or in one of so many.
RARE, RARE_IN = 3, 5000
# So many times as common is what was meant.
COMMONER = 5


def mended(searcher: Searcher, text: str, node: Node | None) -> str:
    """The text of a search with each unknown word replaced by the likeliest known one, and each that hardly
    any paper has by one that is like it and much commoner; "" where there is none to replace, or none to
    replace it by."""
    changed = text
    asked = dict.fromkeys((word, one.field) for one in _single_words(node) for word in one.words)
    if len(asked) > MOST_WORDS:
        return ""
    for word, field in asked:
        if (better := _meant(searcher, text, word, field)) is None:
            return ""
        if better != word:
            changed = _replaced(changed, word, better)
    return changed if changed != text else _beside_others(searcher, text, node)


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


def _meant(searcher: Searcher, text: str, word: str, field: str) -> str | None:
    """The word itself where it is known and right, else the likeliest; None where nothing is like it."""
    held = _held(searcher, word, field)
    if held:
        is_rare = held <= max(RARE, searcher.num_docs // RARE_IN) and len(word) >= SHORTEST_KNOWN
        if not is_rare or _is_a_name(text, word) or _is_a_compound(searcher, word):
            return word
        better, count = _nearest(searcher, word, field, word[0])
        return better if count >= COMMONER * held and not _is_a_form(better, word) else word
    if len(word) < SHORTEST:
        return None
    # A slip is seldom in the first letter: most of the vocabulary need not be read.
    return _nearest(searcher, word, field, word[0])[0] or _nearest(searcher, word, field, "")[0] or None


def _is_a_name(text: str, word: str) -> bool:
    """Whether a word was typed as only somebody types who means it: tSNE, GPT4."""
    typed = [match for match in re.findall(r"[^\W_]+", text) if words(match) == [word]]
    has_capital = any(one[1:] != one[1:].lower() and one != one.upper() for one in typed)
    return has_capital or any(map(str.isdigit, word))


def _is_a_compound(searcher: Searcher, word: str) -> bool:
    """Whether papers write it in two words too: ecommerce is no slip for commerce."""
    known = [pair for pair in halves(word) if all(searcher.doc_freq("text", part) for part in pair)]
    return any(searcher.search(phrase("text", pair), 1, count=False).hits for pair in known)


def _is_a_form(one: str, other: str) -> bool:
    """Whether two words are the same in two forms, or one of them a part of the other."""
    is_part = any(one in pair for pair in halves(other)) or any(other in pair for pair in halves(one))
    return is_part or bool(set(spellings(one)) & set(spellings(other)))


def _held(searcher: Searcher, word: str, field: str) -> int:
    """In how many papers a word is, as a word or as a name."""
    as_name = searcher.doc_freq("author", word) if field != "title" else 0
    as_word = max((searcher.doc_freq("stem", stem) for stem in spellings(word)), default=0) if field != "author" else 0
    return max(as_name, as_word)


def _beside_others(searcher: Searcher, text: str, node: Node | None) -> str:
    """A search whose words are all known but seldom stand together, with one of them replaced by one that is
    much oftener beside the others: yan lecun."""
    if (
        not isinstance(node, All)
        or len(node.nodes) > MOST_BESIDE
        or not all(isinstance(one, Words) and len(one.words) == 1 for one in node.nodes)
    ):
        return ""
    compiler = Compiler(searcher)
    found = searcher.search(compiler.filter(node), 1).count  # type: ignore[attr-defined] # missing in Tantivy's stubs
    for place, one in enumerate(node.nodes):
        assert isinstance(one, Words)
        rest = node.nodes[:place] + node.nodes[place + 1 :]
        beside = compiler.filter(All(rest))
        if len(one.words[0]) >= SHORTEST_BESIDE and (better := _beside(searcher, one, beside, found)):
            return _replaced(text, one.words[0], better)
    return ""


def _beside(searcher: Searcher, one: Words, beside: Query, found: int) -> str:
    (word,) = one.words
    fields = {"title": ("word",), "author": ("author",)}.get(one.field, ("author", "word"))
    counts = {
        known: count
        for field in fields
        for known, count in searcher.terms_with_prefix(field, word[0], filter_query=beside)
        if count > 0 and count >= COMMONER * found and known != word and not _is_a_form(known, word)
    }
    near = process.extract(word, counts.keys(), scorer=OSA.distance, score_cutoff=1, limit=None)
    return max(near, key=lambda match: (counts[match[0]], match[0]))[0] if near else ""


def _nearest(searcher: Searcher, word: str, field: str, start: str) -> tuple[str, int]:
    """Of the other words that begin so, the one with fewest slips, and of these the commonest; and in how
    many titles or names it is. "" where there is none."""
    slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
    counts: dict[str, int] = {}
    for source in ("word", "author"):
        if (source == "author") == (field == "author") or (not field and source == "author"):
            for known, count in searcher.terms_with_prefix(source, start):
                counts[known] = counts.get(known, 0) + count
    counts.pop(word, None)
    near = process.extract(word, counts.keys(), scorer=OSA.distance, score_cutoff=slips, limit=None)
    if not near:
        return "", 0
    best = min(near, key=lambda found: (found[1], -counts[found[0]], found[0]))[0]
    return best, counts[best]
