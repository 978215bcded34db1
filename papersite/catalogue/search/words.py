"""Text as search sees it: words without case and accents, cut to their stems.

The index and the queries go through the same two analysers, so that they never differ.
"""

import re
import unicodedata
from functools import lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

# In bytes. Longer runs of letters are no words of any language.
LONGEST = 60


def _analyser(*more: Filter) -> TextAnalyzer:
    """Parts words at everything that is no letter or digit."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST))
    # Lower case again: a few letters lose their accents and become capitals.
    for one in (Filter.lowercase(), Filter.ascii_fold(), Filter.lowercase(), *more):
        builder = builder.filter(one)
    return builder.build()


AS_THEY_ARE = _analyser()
ENGLISH = _analyser(Filter.stemmer("english"))


# Letters that Unicode does not take apart, as Tantivy's filter folds them.
_WHOLE = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "ð": "d", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
)


def fold(text: str) -> str:
    """Lower case without accents, so that "Schrödinger" meets "schrodinger"."""
    if text.isascii():
        return text.lower()
    # Case after the first decomposition, since 𝑨 only then is an A; and again, since it composes anew.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).translate(_WHOLE)


def plain(text: str) -> str:
    """Letters in their plainest form, as the analysers take them: 𝑨 is an A, ﬁ is fi."""
    # In lower case İ is two letters, the second a mark of its own.
    return text if text.isascii() else unicodedata.normalize("NFKC", text).replace("İ", "I")


def words(text: str) -> list[str]:
    """The words of a text in order, without case and accents; hyphens and punctuation part them."""
    return AS_THEY_ARE.analyze(plain(text))


def stems(text: str) -> list[str]:
    """The stems of a text's words, in order."""
    return ENGLISH.analyze(plain(text))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of one word; "" where it is none."""
    return next(iter(stems(word)), "")


# Words that say how a sentence is built, not what it is about: a question may be asked without them.
LITTLE = frozenset(
    """a about an and any are as at be been but by can could do does for from has have how i if in into is it its like
    may me more most my of on or our should some such than that the their them then there these they this to us use
    using via was we were what when where which while who why will with without would you your""".split()  # noqa: SIM905  a list of them would be ninety lines
)

# "Roe et al. 2026" asks for Roe; what is quoted stays.
AND_OTHERS = re.compile(r"(?<=\w),? et\.? al\b\.?(?![^\"]*\")", re.IGNORECASE)

# American first. Each pair is tried at the end of a word, before what grammar adds to it.
_SPELLINGS = (
    ("ization", "isation"), ("izing", "ising"), ("ized", "ised"), ("izes", "ises"), ("izer", "iser"), ("ize", "ise"),
    ("yzing", "ysing"), ("yzed", "ysed"), ("yze", "yse"), ("avior", "aviour"), ("aviors", "aviours"),
    ("avioral", "avioural"), ("color", "colour"), ("colors", "colours"), ("neighbor", "neighbour"),
    ("neighbors", "neighbours"), ("labor", "labour"), ("favor", "favour"), ("vapor", "vapour"), ("center", "centre"),
    ("centers", "centres"), ("fiber", "fibre"), ("fibers", "fibres"), ("meter", "metre"), ("odeling", "odelling"),
    ("odeled", "odelled"), ("abeling", "abelling"), ("abeled", "abelled"), ("ignaling", "ignalling"),
    ("raveling", "ravelling"), ("ancel", "ancell"), ("atalog", "atalogue"), ("analog", "analogue"),
    ("dialog", "dialogue"), ("defense", "defence"), ("license", "licence"), ("program", "programme"),
)  # fmt: skip


# Letters that name a thing, β-VAE and beta-VAE. Not those that are words or other names: pi, nu, chi.
_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "theta": "θ", "kappa": "κ", "lambda": "λ",
    "sigma": "σ", "tau": "τ", "omega": "ω",
}  # fmt: skip
# Names whose mark is typed as a letter where a keyboard has none. Not those that are words: "holder".
_UNMARKED = {
    "schroedinger": "schrodinger", "goedel": "godel", "moebius": "mobius", "groebner": "grobner", "kaehler": "kahler",
    "kuenneth": "kunneth", "buechi": "buchi", "mueller": "muller", "schoenberg": "schonberg",
}  # fmt: skip
_BOTH_WAYS = _GREEK | _UNMARKED
_LETTERS = _BOTH_WAYS | {other: name for name, other in _BOTH_WAYS.items()}


@lru_cache(maxsize=100_000)
def spellings(word: str) -> tuple[str, ...]:
    """The stems of a word as written here and across the ocean, its own first."""
    return tuple(dict.fromkeys(filter(None, (stem(word), stem(overseas(word))))))


@lru_cache(maxsize=100_000)
def overseas(word: str) -> str:
    """A word as others spell it, on the other side of the ocean or by its letter; itself where all do it alike."""
    if word in _LETTERS:
        return _LETTERS[word]
    return next((_swap(word, one, two) for one, two in _SPELLINGS if word.endswith((one, two))), word)


def _swap(word: str, american: str, british: str) -> str:
    if word.endswith(british):
        return word.removesuffix(british) + american
    return word.removesuffix(american) + british
